// @vrrp/trackers/testing: the fakes this package's own tests rely on, and the contracts fakes and real ports both pass.

export { FakeClock } from './fake-clock.js';
export { FakeSpawner } from './fake-spawner.js';
export type { FakeProcess, FakeProgram } from './fake-spawner.js';
export { ContractError } from './contract.js';
export type { ContractCase, Passage } from './contract.js';
export { clockContract } from './clock-contract.js';
export type { ClockHarness } from './clock-contract.js';
export { SHELL_PROGRAMS, spawnerContract } from './spawner-contract.js';
export type { ContractPrograms, SpawnerHarness } from './spawner-contract.js';
export { FakeFiles } from './fake-files.js';
export { filesContract } from './files-contract.js';
export type { FilesHarness } from './files-contract.js';
export { FakeProcesses } from './fake-processes.js';
export { processTableContract } from './process-table-contract.js';
export type { ProcessTableHarness } from './process-table-contract.js';
export { beatsContract } from './beats-contract.js';
export type { BeatsHarness } from './beats-contract.js';
export { FakeBeats } from './fake-beats.js';
export { FakeProber } from './fake-prober.js';
export type { FakeResults } from './fake-prober.js';
export { proberContract } from './prober-contract.js';
export type { ProberHarness, ProberWorld } from './prober-contract.js';
