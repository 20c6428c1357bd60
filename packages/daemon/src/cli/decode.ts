// `vrrpd decode CAPTURE|-`: a pcap or pcapng file, or standard input, as one line per VRRP packet, as NDJSON, as findings
// or as a summary. It holds one block at a time, so the size of the file does not matter and a live pipe is answered at once.
import { createReadStream } from 'node:fs';
import { adviceOn, createAnalysis, formatFinding, type VirtualRouterSummary } from '@vrrp/wire/analysis';
import {
  decodeFrame,
  formatCaptureIssue,
  formatVrrpPacket,
  readCaptureStream,
  type CapturedPacket,
  type VrrpPacket,
} from '@vrrp/wire/capture';
import { formatIssue } from '@vrrp/wire';
import { EXIT } from '../control/exit-status.js';
import { packetRecord } from './packet-record.js';
import { printError, printLine } from './print.js';

const MICROS_PER_SECOND = 1_000_000;
const NANOS_PER_MICRO = 1_000;

export interface DecodeOptions {
  readonly json: boolean;
  readonly analyse: boolean;
  readonly summary: boolean;
  /** Only packets of this virtual router. */
  readonly vrid: number | undefined;
}

/**
 * @param capture a path, or `-` for standard input.
 * @returns 0, or 1 when the capture cannot be opened or is damaged; every whole packet before the damage is printed.
 */
export async function decodeCapture(capture: string, options: DecodeOptions): Promise<number> {
  const chunks: AsyncIterable<Buffer> = capture === '-' ? process.stdin : createReadStream(capture);
  const analysis = createAnalysis();
  let status: number = EXIT.ok;
  try {
    for await (const record of readCaptureStream(chunks)) {
      if (record.kind === 'issue') {
        printError(`${capture}: ${formatCaptureIssue(record.issue)}`);
        status = EXIT.fatal;
      } else {
        show(record, options, analysis);
      }
    }
  } catch (error) {
    printError(`cannot read ${capture}: ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.fatal;
  }
  if (options.summary) for (const one of analysis.summaries()) printLine(summaryLine(one));
  return status;
}

function show(record: CapturedPacket, options: DecodeOptions, analysis: ReturnType<typeof createAnalysis>): void {
  const content = decodeFrame(record.bytes, record.linkType);
  if (content.kind === 'issue') {
    if (!options.summary) printLine(problemLine(record, options, formatIssue(content.issue)));
    return;
  }
  if (content.kind !== 'vrrp' || (options.vrid !== undefined && vridOf(content.packet) !== options.vrid)) return;
  const { packet } = content;
  if (options.analyse || options.summary) {
    const findings = analysis.observe({ number: record.number, at: microsOf(record), packet });
    if (!options.analyse) return;
    for (const finding of findings) {
      const advice = adviceOn(finding);
      printLine(options.json ? JSON.stringify(finding) : formatFinding(finding));
      if (advice !== undefined && !options.json) printLine(`    check: ${advice}`);
    }
    return;
  }
  printLine(
    options.json ? JSON.stringify(packetRecord(record, packet)) : `${clockTime(record)} ${formatVrrpPacket(packet)}`,
  );
}

function problemLine(record: CapturedPacket, options: DecodeOptions, issue: string): string {
  return options.json
    ? JSON.stringify({ timestamp: microsOf(record) / MICROS_PER_SECOND, issue })
    : `${clockTime(record)} ${issue}`;
}

function summaryLine(summary: VirtualRouterSummary): string {
  const { vrid, family, vlans } = summary.router;
  const where = vlans.length === 0 ? '' : `, vlan ${vlans.join('.')}`;
  const master = summary.master === undefined ? 'no Master' : `Master ${summary.master}`;
  const doubt = summary.twoMasters ? ' (and another one at the same time)' : '';
  const bad = summary.malformed === 0 ? '' : `, ${summary.malformed} malformed`;
  return `vrid ${vrid} (IPv${family}${where}): ${master}${doubt}, heard ${summary.speakers.join(' ')}, ${summary.packets} packets${bad}`;
}

/** The VRID byte, also of a message that is otherwise damaged. */
function vridOf(packet: VrrpPacket): number | undefined {
  return packet.message[1];
}

function microsOf({ timestamp }: CapturedPacket): number {
  if (timestamp === undefined) return 0;
  return timestamp.seconds * MICROS_PER_SECOND + Math.floor(timestamp.nanoseconds / NANOS_PER_MICRO);
}

/** As tcpdump prints it: local time with microseconds. */
function clockTime(record: CapturedPacket): string {
  const micros = microsOf(record);
  const date = new Date(micros / NANOS_PER_MICRO);
  const two = [date.getHours(), date.getMinutes(), date.getSeconds()].map((value) => String(value).padStart(2, '0'));
  return `${two.join(':')}.${String(micros % MICROS_PER_SECOND).padStart(6, '0')}`;
}
