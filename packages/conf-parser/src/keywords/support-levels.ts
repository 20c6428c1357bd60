// Parts that many rows of the keyword tables share: how far vrrpd acts on them, and what keepalived makes of a missing argument.
export const unsupported = { support: 'unsupported' } as const;
export const ignored = { support: 'ignored' } as const;
/** Without its argument the keyword is an error, where others make keepalived exit. */
export const reported = { missing: 'error' } as const;

/** Most numbers of keepalived without a limit of their own are 32 bits. */
export const MAX_UINT32 = 4_294_967_295;
