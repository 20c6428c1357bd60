// Declares a contract as a suite for any test runner with global `describe` and `test`: the subject is made anew for every
// test and closed after it.

export type Scenarios<Subject> = Readonly<Record<string, (subject: Subject) => Promise<void> | void>>;

/** @param make makes what is to keep the contract. */
export function declareSuite<Subject extends { close(): Promise<void> }>(
  title: string,
  make: () => Promise<Subject>,
  scenarios: Scenarios<Subject>,
): void {
  const describe = runnerFunction('describe') as (name: string, body: () => void) => void;
  const test = runnerFunction('test') as (name: string, body: () => Promise<void>) => void;
  describe(title, () => {
    for (const [name, scenario] of Object.entries(scenarios)) {
      test(name, async () => {
        const subject = await make();
        try {
          await scenario(subject);
        } finally {
          await subject.close();
        }
      });
    }
  });
}

function runnerFunction(name: 'describe' | 'test'): unknown {
  const found: unknown = Reflect.get(globalThis, name);
  if (typeof found !== 'function') throw new Error(`a contract works inside a test runner with a global ${name}`);
  return found;
}
