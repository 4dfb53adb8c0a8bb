/** A field of a chat completion that not every server or model knows, and what a question does without it. */
interface Adaptation {
  readonly name: string;
  /** Whether a server's complaint is about it. */
  readonly complaint: RegExp;
  readonly applies: (body: RequestBody) => boolean;
  readonly adapt: (body: RequestBody) => RequestBody;
  /** For the log. */
  readonly told: string;
}

export type RequestBody = Readonly<Record<string, unknown>>;

/** In this order, so that the more telling complaint goes first. */
const ADAPTATIONS: readonly Adaptation[] = [
  without(
    "response_format",
    /response_format|json_schema|structured output/iu,
    "cannot be held to a form; the answers are checked all the same",
  ),
  {
    name: "logprobs",
    complaint: /logprob/iu,
    applies: (body) => "logprobs" in body || "top_logprobs" in body,
    adapt: ({ logprobs, top_logprobs, ...rest }) => rest,
    told: "offers no log-probabilities",
  },
  {
    name: "max_tokens",
    complaint: /max_completion_tokens/iu,
    applies: (body) => "max_tokens" in body,
    adapt: ({ max_tokens, ...rest }) => ({ ...rest, max_completion_tokens: max_tokens }),
    told: "wants max_completion_tokens in place of max_tokens",
  },
  without("temperature", /temperature/iu, "takes no temperature, so that its answers may differ from one time to the next"),
  without("seed", /\bseed\b/iu, "takes no seed, so that its answers may differ from one time to the next"),
];

function without(field: string, complaint: RegExp, told: string): Adaptation {
  return {
    name: field,
    complaint,
    applies: (body) => field in body,
    adapt: (body) => Object.fromEntries(Object.entries(body).filter(([name]) => name !== field)),
    told,
  };
}

/** What can be done about a complaint: the name of an adaptation, or undefined where the complaint is about something else. */
export function adaptationFor(complaint: string, body: RequestBody): string | undefined {
  return ADAPTATIONS.find((one) => one.complaint.test(complaint) && one.applies(body))?.name;
}

/** The question with the named adaptations made. */
export function adapted(body: RequestBody, names: Iterable<string>): RequestBody {
  const wanted = new Set(names);
  return ADAPTATIONS.filter(({ name, applies }) => wanted.has(name) && applies(body)).reduce(
    (adaptedSoFar, { adapt }) => adapt(adaptedSoFar),
    body,
  );
}

/** What an adaptation means, as the end of a sentence about the model. */
export function adaptationText(name: string): string {
  return ADAPTATIONS.find((one) => one.name === name)?.told ?? name;
}
