/** One query of the scripted data set. */
export interface FakeQuery {
  readonly id: string;
  readonly text: string;
  readonly positives: readonly string[];
  readonly candidates: readonly string[];
}

const long = Array.from(
  { length: 120 },
  (_, i) =>
    `Section ${String(i + 1)}. Retention in the archive tier is counted from the day on which the snapshot was sealed, not from the day on which it was taken.`,
).join(" ");

/** Queries on an invented backup product, with what makes review hard: unlabelled positives, near-duplicates, other scripts, hostile text. */
export const fakeQueries: readonly FakeQuery[] = [
  {
    id: "q-0012",
    text: "How long does a Tern snapshot stay in the archive tier before it is deleted?",
    positives: [
      "Snapshots that reach the archive tier are kept for 400 days. After that Tern deletes them for good, unless a legal hold is set on the vault.",
      "The archive tier has a fixed retention of 400 days per snapshot; a legal hold stops the clock.",
    ],
    candidates: [
      "Archived snapshots expire 400 days after sealing. Expiry is final: an expired snapshot cannot be brought back, not even by support.",
      "In the warm tier Tern keeps a snapshot for 35 days, then moves it to the archive tier during the next nightly window.",
      "A legal hold keeps every snapshot of a vault from being deleted. Only the owner of the vault can set or lift it, and both are written to the audit log.",
      "Restoring from the archive tier takes between three and nine hours, since shards are fetched in batches. Plan a restore before you need it.",
      "Tern snapshots are kept for 400 days in the archive tier and are then deleted, unless the vault is on legal hold.",
      "The archive tier costs 0.4 cent per gigabyte and month. Early deletion within the first 90 days is billed as if the snapshot had stayed for all of them.",
      long,
      "How do I delete a snapshot by hand? Open the vault, choose the snapshot, and press Delete. Snapshots in the archive tier can only be deleted after the minimum of 90 days.",
      "Deleted snapshots go to the bin, where they can be restored for seven days. The bin does not count against your quota.",
      "<img src=x onerror=\"document.body.textContent='owned'\"><script>document.body.dataset.owned='yes'</script> Archive retention <b>400</b> days &amp; more [click](javascript:alert(1))",
      "Der Archivbereich bewahrt Sicherungen 400 Tage lang auf. Danach werden sie gelöscht, außer es besteht eine gesetzliche Aufbewahrungspflicht.",
      "アーカイブ層のスナップショットは400日間保存され、その後自動的に削除されます。法的保持が設定されている場合は削除されません。",
      "تُحفظ اللقطات في طبقة الأرشيف (archive tier) لمدة 400 يوم ثم تُحذف نهائيًا، إلا إذا كان على الخزنة حجز قانوني.",
      "Retention of audit records is 13 months in every region. Records are exported before they are removed.",
    ],
  },
  {
    id: "q-0013",
    text: "Which ports must be open for the Tern agent?",
    positives: ["The agent opens one outgoing connection to port 8447. No incoming port is needed."],
    candidates: [
      "If a proxy is in use, allow CONNECT to *.vault.tern.example on port 8447; the agent never listens.",
      "The web console is served on port 443. Port 80 only redirects to it.",
      "The agent writes its log to /var/log/tern/agent.log and rotates it at 20 MB.",
      "Relay nodes listen on 8447 for agents and on 8450 for other relays.",
      "Agents older than 3.2 used port 8080, which is closed on the service side since March.",
    ],
  },
  {
    id: "q-0014",
    text: "ما مدة صلاحية رمز الوصول في Tern؟",
    positives: ["تنتهي صلاحية رمز الوصول بعد 12 ساعة من إصداره، ويمكن تجديده مرة واحدة."],
    candidates: [
      "رمز التحديث صالح لمدة ثلاثين يومًا ويُلغى عند تغيير كلمة المرور.",
      "Access tokens are valid for twelve hours and can be renewed once.",
      "لا تُخزَّن رموز الوصول على القرص، بل تبقى في ذاكرة العملية فقط.",
    ],
  },
  {
    id: "q-0015",
    text: "Can two vaults share one encryption key?",
    positives: [],
    candidates: [
      "Each vault has a data key of its own, wrapped by the account key. Keys are never shared between vaults.",
      "Key rotation re-wraps the data keys; stored shards are not written again.",
      "A vault can be shared with another account. Sharing does not hand over the key: the service re-encrypts on read.",
    ],
  },
];

/** A query with so many candidates that only a virtual list can show them. */
export function crowdedQuery(n: number): FakeQuery {
  const subjects = ["snapshot", "vault", "agent", "relay", "shard", "audit record", "restore job"];
  const candidates = Array.from({ length: n }, (_, i) => {
    const subject = subjects[i % subjects.length] ?? "snapshot";
    return `Passage ${String(i + 1)} on the ${subject}: the archive tier keeps each ${subject} for a while. ${"It is moved at night. ".repeat(i % 7)}`;
  });
  return {
    id: "q-crowded",
    text: "What does the archive tier keep?",
    positives: ["The archive tier keeps sealed snapshots for 400 days."],
    candidates,
  };
}
