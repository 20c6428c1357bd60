// Where what the model says stands in the text: for findings of whoever goes on with the model, which has no positions.
// The nearest place that was written: the item of a block, its keyword, the name of the block, the start of the file.
import { itemKey } from './bind/drafts.js';
import type { ConfigDraft, InstanceDraft, SyncGroupDraft } from './bind/drafts.js';
import type { Word } from './bind/statement.js';
import { wordSpan } from './bind/statement.js';
import type { Span } from './source.js';

/** `item`: an address of an instance, the name of something it tracks, a member of a group, an interface of a list. */
export type Place =
  | {
      readonly block: 'vrrp_instance' | 'vrrp_sync_group';
      readonly name: string;
      readonly keyword?: string;
      readonly item?: string;
    }
  | { readonly block: 'root'; readonly keyword: string; readonly item?: string };

export type PlaceOf = (place: Place) => Span;

/** The places of a configuration that was read from `entry`. */
export function placesOf(config: ConfigDraft, entry: string): PlaceOf {
  return (place) => {
    const word = wordOf(config, place);
    return word === undefined ? { file: entry, start: 0, end: 0 } : wordSpan(word);
  };
}

function wordOf(config: ConfigDraft, place: Place): Word | undefined {
  if (place.block === 'root') {
    return config.itemAt.get(itemKey(place.keyword, place.item ?? '')) ?? config.at[place.keyword];
  }
  const { name, keyword = '', item } = place;
  if (place.block === 'vrrp_sync_group') {
    const group = config.syncGroups.get(name);
    return (item === undefined ? undefined : member(group, item)) ?? group?.at[keyword] ?? group?.nameWord;
  }
  const instance = config.instances.get(name);
  if (instance === undefined) return undefined;
  return (
    (item === undefined ? undefined : itemOf(instance, keyword, item)) ?? instance.at[keyword] ?? instance.nameWord
  );
}

function member(group: SyncGroupDraft | undefined, name: string): Word | undefined {
  return group?.group?.find((word) => word.text === name);
}

function itemOf(instance: InstanceDraft, keyword: string, item: string): Word | undefined {
  switch (keyword) {
    case 'virtual_ipaddress':
    case 'virtual_ipaddress_excluded':
      return instance[keyword].find(({ value }) => value.address === item)?.word;
    case 'track_interface':
    case 'track_script':
    case 'track_process':
    case 'track_file':
      return instance[keyword]?.get(item)?.word;
    default:
      return undefined;
  }
}
