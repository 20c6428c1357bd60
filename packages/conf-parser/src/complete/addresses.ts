// The addresses of an instance: those an advert carries and those it does not.
import type { AddressDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { VirtualIpAddress, VrrpInstance } from '../model.js';
import type { Settled } from './settled.js';

type Addresses = Pick<VrrpInstance, 'virtual_ipaddress' | 'virtual_ipaddress_excluded'>;

/** What does not fit an advert is held all the same, as if it stood in virtual_ipaddress_excluded. */
export function splitAddresses(settled: Settled): Addresses {
  const { scope, draft, family } = settled;
  const limit = family === 4 ? MAX_ADDRESSES : MAX_ADDRESSES_IPV6;
  const spill = draft.virtual_ipaddress.slice(limit);
  const [first] = spill;
  if (first !== undefined) {
    finding(
      scope,
      'conf/packet-too-big',
      wordSpan(first.word),
      `an advert carries at most ${limit} addresses; ${spill.length} from here on are not advertised`,
      {
        severity: 'error',
        detail:
          'They are held as if they stood in virtual_ipaddress_excluded. Nodes that differ in this do not accept each other.',
      },
    );
  }
  reportFirstAddress(settled);
  const complete = (address: AddressDraft): VirtualIpAddress => completeAddress(address, draft.interface);
  return {
    virtual_ipaddress: (spill.length === 0 ? draft.virtual_ipaddress : draft.virtual_ipaddress.slice(0, limit)).map(
      complete,
    ),
    virtual_ipaddress_excluded: [...draft.virtual_ipaddress_excluded, ...spill].map(complete),
  };
}

/** RFC 9568 §5.2.9: the first IPv6 address is the link-local address of the virtual router. */
function reportFirstAddress({ scope, draft, family, strict }: Settled): void {
  const [first] = draft.virtual_ipaddress;
  if (family === 4 || first === undefined || /^fe[89ab]/.test(first.value.address)) return;
  finding(
    scope,
    'conf/first-address',
    wordSpan(first.word),
    'the first IPv6 address should be link-local (fe80::/10)',
    {
      keepalived: strict ? 'general' : 'none',
      ...(strict ? { severity: 'error' } : {}),
    },
  );
}

// The interface an address goes to is that of the instance unless it has its own; an IPv6 address with the full
// prefix length is never a source address (keepalived sets its preferred lifetime to 0).
function completeAddress({ family, value }: AddressDraft, interfaceName: string | undefined): VirtualIpAddress {
  if (value.dev === undefined && interfaceName !== undefined) value.dev = interfaceName;
  if (family === 6 && value.prefix === 128) value.preferred_lft ??= 0;
  return value;
}

/** The count is one byte (RFC 9568 §5.2.5). */
const MAX_ADDRESSES = 255;
/** What keepalived puts into the 1500 bytes of an Ethernet frame. */
const MAX_ADDRESSES_IPV6 = 89;
