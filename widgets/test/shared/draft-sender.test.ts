import { expect, test } from "vitest";
import { DraftSender } from "../../shared/ui/draft-sender";

type Answer = (rejection: string | null) => void;

function openSender() {
  const sent: string[] = [];
  const answers: Answer[] = [];
  const settled: [text: string, rejection: string | null][] = [];
  const sender = new DraftSender(
    (text) => {
      sent.push(text);
      return new Promise((resolve) => answers.push(resolve));
    },
    (isSending, text, rejection) => {
      if (!isSending) settled.push([text, rejection]);
    },
  );
  const answer = async (rejection: string | null) => {
    answers.shift()?.(rejection);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { sender, sent, settled, answer };
}

test("every text is sent at once and in order, and what becomes of the newest is told", async () => {
  const { sender, sent, settled, answer } = openSender();
  for (const text of ["a", "b", "c"]) void sender.send(text);
  expect(sent).toEqual(["a", "b", "c"]);
  expect(sender.target).toBe("c");
  await answer(null);
  await answer("No.");
  expect(settled).toEqual([]);
  await answer(null);
  expect(settled).toEqual([["c", null]]);
  expect(sender.target).toBe(null);
});

test("the text that is being sent is not sent twice, as by Enter and then by leaving the field", async () => {
  const { sender, sent, answer } = openSender();
  void sender.send("a");
  void sender.send("a");
  await answer(null);
  expect(sent).toEqual(["a"]);
});

test("a refused text does not keep the next one back", async () => {
  const { sender, sent, settled, answer } = openSender();
  void sender.send("a");
  void sender.send("b");
  await answer("No.");
  await answer(null);
  expect(sent).toEqual(["a", "b"]);
  expect(settled).toEqual([["b", null]]);
});

test("a sender that fails says so, and sends the next text", async () => {
  const settled: (string | null)[] = [];
  const sender = new DraftSender(
    (text) => (text === "a" ? Promise.reject(new Error("no link")) : null),
    (isSending, _, rejection) => {
      if (!isSending) settled.push(rejection);
    },
  );
  await sender.send("a");
  await sender.send("b");
  expect(settled).toEqual(["It was not saved: no link.", null]);
});
