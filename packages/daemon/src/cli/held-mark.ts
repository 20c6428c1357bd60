// Set in the environment of a process whose signals are held while it starts (daemon-process.ts): nothing that costs time
// may be loaded to find that out.

export const HELD_MARK = 'VRRPD_SIGNALS_HELD';
