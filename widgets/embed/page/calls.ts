/** The calls of the page to its server. */

/** A call was refused; `status` is the HTTP status. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** Post JSON, and return what is answered. */
export async function post(path: string, body: object, credential?: string, keepalive = false): Promise<Answer> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (credential) headers.Authorization = `Bearer ${credential}`;
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), keepalive });
  const content = (await answer.json()) as Record<string, unknown>;
  if (!answer.ok) throw new Refused(answer.status, String(content.detail ?? answer.status));
  return { status: answer.status, body: content };
}
