/** What must be ended when a bench is over, however that comes about. */
export interface Closers {
  add(close: () => Promise<void>): void;
  /** The last that was added comes first. One that fails keeps none of the others from being called. */
  closeAll(): Promise<void>;
}

export function createClosers(tell: (error: unknown) => void): Closers {
  const closers: (() => Promise<void>)[] = [];
  return {
    add: (close) => void closers.push(close),
    closeAll: async () => {
      for (let close = closers.pop(); close; close = closers.pop()) await close().catch(tell);
    },
  };
}
