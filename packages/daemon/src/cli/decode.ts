// `vrrpd decode CAPTURE|-`: a pcap or pcapng file, or standard input, as one line per VRRP packet, as NDJSON, as findings
// or as a summary. It holds one block at a time, so the size of the file does not matter and a live pipe is answered at once.
import { createReadStream } from 'node:fs';
import { adviceOn, createAnalysis, formatFinding } from '@vrrp/wire/analysis';
import type { Analysis, Finding, VirtualRouterSummary } from '@vrrp/wire/analysis';
import { createCaptureReader, decodeFrame, formatCaptureIssue, formatVrrpPacket } from '@vrrp/wire/capture';
import type { CapturedPacket, CaptureRecord, VrrpPacket } from '@vrrp/wire/capture';
import { formatIssue, type DecodeIssue } from '@vrrp/wire';
import { EXIT } from '../control/exit-status.js';
import { microsOf, MICROS_PER_SECOND, packetRecord, problemRecord } from './packet-record.js';
import { printError, printLine } from './print.js';

const MICROS_PER_MILLISECOND = 1_000;

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
  const reader = createCaptureReader();
  const analysis = createAnalysis();
  const skipped = new Map<string, number>();
  let status: number = EXIT.ok;
  const show = (records: readonly CaptureRecord[]): void => {
    // What a chunk holds is printed at once: a write for each packet costs more than decoding it.
    const lines: string[] = [];
    for (const record of records)
      if (record.kind === 'packet') lines.push(...linesOf(record, options, analysis, skipped));
    if (lines.length > 0) printLine(lines.join('\n'));
    const last = records.at(-1);
    if (last?.kind !== 'issue') return;
    printError(`${capture}: ${formatCaptureIssue(last.issue)}`);
    status = EXIT.fatal;
  };
  try {
    for await (const chunk of chunks) show(reader.push(chunk));
    show(reader.end());
  } catch (error) {
    printError(`cannot read ${capture}: ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.fatal;
  }
  for (const [name, count] of skipped) printError(skippedLine(name, count));
  if (options.summary) for (const one of analysis.summaries()) printLine(summaryLine(one));
  return status;
}

/** What is printed for one packet: nothing when it is not asked for, or shows nothing new. */
function linesOf(
  record: CapturedPacket,
  options: DecodeOptions,
  analysis: Analysis,
  skipped: Map<string, number>,
): readonly string[] {
  const content = decodeFrame(record.bytes, record.linkType);
  if (content.kind === 'issue') return options.summary ? [] : [problemLine(record, options, content.issue)];
  if (content.kind === 'other' && content.skipped !== undefined) {
    skipped.set(content.skipped, (skipped.get(content.skipped) ?? 0) + 1);
  }
  if (content.kind !== 'vrrp' || (options.vrid !== undefined && vridOf(content.packet) !== options.vrid)) return [];
  const { packet } = content;
  if (!options.analyse && !options.summary) return [packetLine(record, options, packet)];
  const findings = analysis.observe({ number: record.number, at: microsOf(record) ?? 0, packet });
  return options.analyse ? findings.flatMap((finding) => findingLines(finding, options)) : [];
}

function packetLine(record: CapturedPacket, options: DecodeOptions, packet: VrrpPacket): string {
  return options.json
    ? JSON.stringify(packetRecord(record, packet))
    : `${clockTime(record)} ${formatVrrpPacket(packet)}`;
}

function problemLine(record: CapturedPacket, options: DecodeOptions, issue: DecodeIssue): string {
  return options.json ? JSON.stringify(problemRecord(record, issue)) : `${clockTime(record)} ${formatIssue(issue)}`;
}

function findingLines(finding: Finding, options: DecodeOptions): readonly string[] {
  if (options.json) return [JSON.stringify(finding)];
  const advice = adviceOn(finding);
  return [formatFinding(finding), ...(advice === undefined ? [] : [`    check: ${advice}`])];
}

function summaryLine(summary: VirtualRouterSummary): string {
  const { vrid, family, vlans } = summary.router;
  const where = vlans.length === 0 ? '' : `, vlan ${vlans.join('.')}`;
  const master = summary.master === undefined ? 'no Master' : `Master ${summary.master}`;
  const doubt = summary.twoMasters ? ' (and another one at the same time)' : '';
  const bad = summary.malformed === 0 ? '' : `, ${summary.malformed} malformed`;
  return `vrid ${vrid} (IPv${family}${where}): ${master}${doubt}, heard ${summary.speakers.join(' ')}, ${summary.packets} packets${bad}`;
}

function skippedLine(name: string, count: number): string {
  return `${count} frame${count === 1 ? '' : 's'} of ${name} could not be looked into: VRRP inside would not be shown`;
}

/** The VRID byte, also of a message that is otherwise damaged. */
function vridOf(packet: VrrpPacket): number | undefined {
  return packet.message[1];
}

/** As tcpdump prints it: local time with microseconds; nothing of the kind for a packet without a time. */
function clockTime(record: CapturedPacket): string {
  const micros = microsOf(record);
  if (micros === undefined) return '--:--:--.------';
  const date = new Date(micros / MICROS_PER_MILLISECOND);
  const time = `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}:${twoDigits(date.getSeconds())}`;
  return `${time}.${String(micros % MICROS_PER_SECOND).padStart(6, '0')}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
