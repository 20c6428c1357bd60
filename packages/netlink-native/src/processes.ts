// Events of the machine's processes, as a role: implemented over the kernel's process connector in ./native/process-events.ts.

export type ProcessEvent =
  | { readonly kind: 'fork'; readonly pid: number; readonly parent: number }
  /** The process runs another program, has another name, is gone. */
  | { readonly kind: 'exec' | 'comm' | 'exit'; readonly pid: number }
  /** Events were lost (ENOBUFS): look at all processes anew. */
  | { readonly kind: 'lost' }
  /** There are no events, or no more: no right, no such kernel. Nothing follows it. */
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface ProcessEvents {
  /** Processes only, no threads. Never calls from within `subscribe`. Returns what ends it. */
  subscribe(listener: (event: ProcessEvent) => void): () => void;
}
