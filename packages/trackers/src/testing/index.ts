// @vrrp/trackers/testing: the fakes this package's own tests rely on, and the contracts fakes and real ports both pass.

export { FakeClock } from './fake-clock.js';
export { FakeSpawner } from './fake-spawner.js';
export type { FakeProcess, FakeProgram } from './fake-spawner.js';
export { ContractError } from './contract.js';
export type { ContractCase, Passage } from './contract.js';
export { clockContract } from './clock-contract.js';
export type { ClockHarness } from './clock-contract.js';
export { spawnerContract } from './spawner-contract.js';
export type { ContractPrograms, SpawnerHarness } from './spawner-contract.js';
