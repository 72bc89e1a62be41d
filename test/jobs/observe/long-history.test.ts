import { expect, it } from "vitest";
import { gitRepository } from "../../../adapters/git/repository.ts";
import { readRecordBook } from "../../../jobs/observe/record-book.ts";
import { mirrorOf } from "../../adapters/git/fixture.ts";
import { serveOverHttp } from "../../adapters/git/http-remote.ts";
import { createBook, dev, owner, writeHistory } from "../support/ledger.ts";

/** Bytes that the server sends for one look at a settled environment with so many records, by a worker that knows it. */
async function bytesOfLook(records: number): Promise<number> {
  const book = await createBook();
  const last = await writeHistory(book, records);
  let bytes = 0;
  const server = await serveOverHttp(book.remote, async ({ socket }, response) => {
    const before = socket.bytesWritten;
    response.once("finish", () => {
      bytes += socket.bytesWritten - before;
    });
    return true;
  });
  const reader = gitRepository(await mirrorOf(server.url), book.signer);
  const look = () => readRecordBook(reader, dev, owner, records);
  try {
    expect((await look()).last?.object).toBe(last);
    bytes = 0;
    expect(await look()).toMatchObject({ last: { object: last }, journal: { state: "settled" } });
    return bytes;
  } finally {
    await server.close();
  }
}

it("costs a settled look nothing: a thousand records transfer what ten do", async () => {
  const [ten, thousand] = [await bytesOfLook(10), await bytesOfLook(1000)];
  expect(ten).toBeGreaterThan(0);
  // Each of the few refs that are named has a longer name by two digits at most.
  expect(thousand - ten).toBeLessThan(20);
});
