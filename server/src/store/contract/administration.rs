//! Everybody who has an account, what they may use, and the audit log.

use super::{Ports, at, by, from_start, hash};
use chat::{
    Attachment, AttachmentKind, FileId, FileName, ModelRef, Outcome, Role, TurnEvent, Usage, UserId,
    audit::{AuditEntry, AuditFilter, AuditKind, By, NewAuditEntry},
    limits::{Limits, Used},
    ports::{
        FileHash, KeptFile, NewFile, NewSession, NewTurn, PeopleFilter, Person, PersonChange, ProviderSession, Spent,
        Standing,
    },
    user::Identity,
};

const DAY: i64 = 24 * 3600;

async fn enter(ports: &Ports, subject: &str, role: Role, groups: &[&str]) -> UserId {
    let groups = groups.iter().map(|&group| group.to_owned()).collect();
    let email = Some([subject, "@example.org"].concat().to_lowercase());
    let identity = Identity { issuer: "https://id.example/".into(), groups, email, ..Identity::local(subject) };
    ports.users.sign_in(&identity, role, UserId(ports.id()), at(0)).await.expect("a user").id
}

async fn spend(ports: &Ports, owner: UserId, seconds: i64, model: &str, tokens: u32, cost: u64) {
    let usage = Usage { input: Some(tokens - 1), cached: None, output: Some(1), reasoning: None };
    let model = model.parse().expect("a model");
    let spent = Spent { at: at(seconds), model, turns: 1, usage, cost: Some(cost) };
    ports.turns.count(owner, &spent).await.expect("counted");
}

async fn found(ports: &Ports, wanted: &PeopleFilter) -> Vec<String> {
    let page = ports.people.people(wanted, 50, at(0)).await.expect("a page");
    page.people.into_iter().map(|person| person.user.name).collect()
}

async fn log(ports: &Ports, wanted: &AuditFilter) -> Vec<AuditEntry> {
    ports.audit.entries(wanted, 100).await.expect("entries")
}

/// What was written down, the oldest first, but for sign-ins.
async fn told(ports: &Ports) -> Vec<(String, String)> {
    let mut entries = log(ports, &AuditFilter::default()).await;
    entries.reverse();
    entries.into_iter().map(|entry| (entry.name.clone(), entry.sentence())).collect()
}

fn pair(name: &str, sentence: &str) -> (String, String) {
    (name.to_owned(), sentence.to_owned())
}

pub async fn people_are_listed_by_name_found_and_counted(ports: &Ports) {
    let zoe = enter(ports, "Zoe", Role::Admin, &["staff", "ops"]).await;
    let ann = enter(ports, "ann", Role::Member, &["staff"]).await;
    let bob = enter(ports, "Bob", Role::Member, &[]).await;
    spend(ports, ann, 0, "openai/gpt", 100, 0).await;
    spend(ports, ann, -29 * DAY, "openai/gpt", 10, 0).await;
    spend(ports, ann, -30 * DAY, "openai/gpt", 1, 0).await;
    let session = |hash, at| NewSession {
        hash,
        user: ann,
        user_agent: "Firefox".into(),
        address: None,
        created_at: at,
        expires_at: super::at(9_000),
        provider: None,
    };
    ports.sessions.create(&session(hash(1), at(500))).await.expect("created");

    let page = ports.people.people(&PeopleFilter::default(), 2, at(0)).await.expect("a page");
    assert_eq!((page.people.len(), page.found, page.all), (2, 3, 3));
    let Person { user, standing, owner, groups, last_seen_at, tokens } = &page.people[0];
    assert_eq!((user.id, user.email.as_deref()), (ann, Some("ann@example.org")));
    assert_eq!((*standing, *owner, groups.as_slice()), (Standing::Member, false, &["staff".to_owned()][..]));
    assert_eq!((*last_seen_at, *tokens), (at(500), 110), "thirty days, today among them");
    let rest = PeopleFilter { skip: 2, ..Default::default() };
    assert_eq!(found(ports, &rest).await, ["Zoe"]);

    let with = |text: &str| PeopleFilter { text: text.into(), ..Default::default() };
    assert_eq!(found(ports, &with(" AN")).await, ["ann"]);
    assert_eq!(found(ports, &with("bob@example")).await, ["Bob"]);
    assert_eq!(found(ports, &with("%")).await, Vec::<String>::new(), "no pattern, but a text");
    let in_group = |group: &str| PeopleFilter { group: Some(group.into()), ..Default::default() };
    assert_eq!(found(ports, &in_group("staff")).await, ["ann", "Zoe"]);
    assert_eq!(found(ports, &in_group("Staff")).await, Vec::<String>::new());
    let standing = |standing| PeopleFilter { standing: Some(standing), ..Default::default() };
    ports.people.set_disabled(bob, true, &by("Zoe")).await.expect("written");
    assert_eq!(found(ports, &standing(Standing::Admin)).await, ["Zoe"]);
    assert_eq!(found(ports, &standing(Standing::Member)).await, ["ann"]);
    assert_eq!(found(ports, &standing(Standing::Disabled)).await, ["Bob"]);

    assert_eq!(ports.people.groups().await.expect("groups"), ["ops", "staff"]);
    let one = ports.people.person(zoe, at(0)).await.expect("read").expect("a person");
    assert_eq!((one.user.id, one.standing), (zoe, Standing::Admin));
    assert_eq!(ports.people.person(UserId(ports.id()), at(0)).await.expect("read"), None);
}

pub async fn who_is_disabled_enabled_or_deleted_is_written_down(ports: &Ports) {
    let (zoe, ann) = (enter(ports, "Zoe", Role::Admin, &[]).await, enter(ports, "Ann", Role::Member, &[]).await);
    let by_zoe = By { user: Some(zoe), at: at(7), ..by("Zoe") };
    for disabled in [true, true, false, false, true] {
        let change = ports.people.set_disabled(ann, disabled, &by_zoe).await.expect("written");
        assert_eq!(change, PersonChange::Done);
        assert_eq!(ports.users.user(ann).await.expect("read").is_none(), disabled);
    }
    assert_eq!(ports.people.delete(ann, &by_zoe).await.expect("deleted"), PersonChange::Done);
    assert_eq!(ports.people.delete(ann, &by_zoe).await.expect("looked for"), PersonChange::NotFound);
    assert_eq!(ports.people.set_disabled(ann, false, &by_zoe).await.expect("looked for"), PersonChange::NotFound);
    let expected =
        ["Disabled Ann", "Enabled Ann", "Disabled Ann", "Deleted the account of Ann"].map(|what| pair("Zoe", what));
    assert_eq!(told(ports).await, expected, "each change once");
    let entry = log(ports, &AuditFilter::default()).await.remove(0);
    assert_eq!((entry.user, entry.at, entry.address), (Some(zoe), at(7), "192.0.2.14".parse().ok()));
}

pub async fn the_last_who_administers_stays(ports: &Ports) {
    let zoe = enter(ports, "Zoe", Role::Admin, &[]).await;
    let ann = enter(ports, "Ann", Role::Admin, &[]).await;
    assert_eq!(ports.people.set_disabled(ann, true, &by("Zoe")).await.expect("written"), PersonChange::Done);
    for _ in 0..2 {
        let last = PersonChange::LastAdministrator;
        assert_eq!(ports.people.set_disabled(zoe, true, &by("Zoe")).await.expect("answered"), last);
        assert_eq!(ports.people.delete(zoe, &by("Zoe")).await.expect("answered"), last);
    }
    assert!(ports.users.user(zoe).await.expect("read").is_some());
    assert_eq!(told(ports).await, [pair("Zoe", "Disabled Ann")]);
    assert_eq!(
        ports.people.delete(ann, &by("Zoe")).await.expect("deleted"),
        PersonChange::Done,
        "she administers nothing"
    );
    enter(ports, "Bob", Role::Admin, &[]).await;
    assert_eq!(ports.people.delete(zoe, &by("Bob")).await.expect("deleted"), PersonChange::Done);
}

pub async fn whoever_is_deleted_leaves_nothing_but_the_log(ports: &Ports) {
    let (ann, bob) = (ports.user("ann").await, ports.user("bob").await);
    let attachment = Attachment {
        id: FileId(ports.id()),
        name: FileName::parse("notes.md"),
        kind: AttachmentKind::Text,
        media_type: "text/plain".into(),
        bytes: 3,
        tokens: 1,
    };
    let content = FileHash([7; 32]);
    let file = KeptFile { attachment: attachment.clone(), hash: content, text: Some(content) };
    ports.files.add(&NewFile { owner: ann, file, stored_bytes: 3, now: at(0) }, 100).await.expect("added");
    let new = NewTurn { attachments: vec![attachment.id], ..ports.first_message(ann, "Hello", at(0)) };
    let begun = ports.turns.begin(&new).await.expect("a turn");
    ports.complete(bob, "Mine", at(0)).await;

    assert_eq!(ports.people.delete(ann, &by("Zoe")).await.expect("deleted"), PersonChange::Done);
    // The turn was running, and nobody has told it yet.
    let mut turn = begun.turn;
    turn.record(TurnEvent::Text("late".into()), at(1));
    turn.record(TurnEvent::Finished(Outcome::Complete), at(1));
    ports.turns.store(&[from_start(&turn)]).await.expect("no error");
    assert_eq!(ports.conversations.list(ann, 9).await.expect("a list"), []);
    assert_eq!(ports.files.hashes_in_use().await.expect("read").len(), 0);
    assert_eq!(ports.turns.usage(ann, at(0), at(DAY)).await.expect("read"), []);
    assert_eq!(ports.conversations.list(bob, 9).await.expect("a list").len(), 1, "others keep theirs");
}

pub async fn what_was_recorded_is_found_the_newest_first(ports: &Ports) {
    let (ann, bob) = (ports.user("Ann").await, ports.user("Bob").await);
    let record = async |user, name: &str, kind, subject: &str, seconds| {
        let by = By { user, at: at(seconds), ..by(name) };
        let entry = NewAuditEntry::new(by, kind, subject).with("as", "Markdown");
        ports.audit.record(&entry).await.expect("recorded");
    };
    record(Some(ann), "Ann", AuditKind::ProviderAdded, "Trip to Tromsø", 1).await;
    record(Some(bob), "Bob", AuditKind::Exported, "", 2).await;
    record(Some(ann), "Ann B.", AuditKind::Imported, "Trip to Tromsø", 3).await;
    record(None, "eve@example.net", AuditKind::SignInRefused, "", 4).await;

    let all = log(ports, &AuditFilter::default()).await;
    let kinds: Vec<&str> = all.iter().map(|entry| entry.kind.as_str()).collect();
    assert_eq!(kinds, ["sign_in_refused", "imported", "exported", "provider_added"]);
    assert_eq!(all[3].details["as"], "Markdown");
    assert!(all.windows(2).all(|pair| pair[0].number > pair[1].number));
    let older = AuditFilter { before: Some(all[1].number), ..Default::default() };
    assert_eq!(log(ports, &older).await, all[2..]);
    assert_eq!(ports.audit.entries(&AuditFilter::default(), 1).await.expect("entries"), all[..1]);

    let of_ann = AuditFilter { user: Some(ann), ..Default::default() };
    assert_eq!(log(ports, &of_ann).await.len(), 2);
    let shared = AuditFilter { kind: Some(AuditKind::ProviderAdded), ..Default::default() };
    assert_eq!(log(ports, &shared).await, all[3..]);
    for (text, count) in
        [("tromsø", 2), ("TRIP", 2), ("markdown", 4), ("turned away", 1), ("eve@", 1), ("192.0.2.14", 4), ("%", 0)]
    {
        let wanted = AuditFilter { text: text.into(), ..Default::default() };
        assert_eq!(log(ports, &wanted).await.len(), count, "{text}");
    }
    let authors = ports.audit.authors().await.expect("authors");
    assert_eq!(authors, [(ann, "Ann B.".to_owned()), (bob, "Bob".to_owned())], "by the name of the newest entry");
}

pub async fn entries_of_the_log_are_forgotten_by_their_age(ports: &Ports) {
    for seconds in [0, 10, 20] {
        let by = By { at: at(seconds), ..by("Ann") };
        ports.audit.record(&NewAuditEntry::new(by, AuditKind::SignedOut, "")).await.expect("recorded");
    }
    assert_eq!(ports.audit.purge(at(10)).await.expect("purged"), 1);
    let left = log(ports, &AuditFilter::default()).await;
    assert_eq!(left.iter().map(|entry| entry.at).collect::<Vec<_>>(), [at(20), at(10)]);
}

pub async fn what_the_store_changes_it_writes_down_itself(ports: &Ports) {
    let ann = enter(ports, "Ann", Role::Member, &[]).await;
    ports.links.create(hash(1), ann, at(1), at(600)).await.expect("a link");
    let session = |n, provider| NewSession {
        hash: hash(n),
        user: ann,
        user_agent: "Firefox".into(),
        address: "192.0.2.7".parse().ok(),
        created_at: at(2),
        expires_at: at(9_000),
        provider,
    };
    let through = ProviderSession {
        provider: "authentik".into(),
        sid: Some("canary-sid".into()),
        tokens: b"canary-tokens".to_vec(),
        can_be_asked: false,
    };
    assert!(ports.sessions.create(&session(2, None)).await.expect("created"));
    assert!(ports.sessions.create(&session(3, Some(through))).await.expect("created"));
    assert!(!ports.sessions.create(&session(3, None)).await.expect("looked at"), "its hash is taken");
    enter(ports, "Ann", Role::Admin, &[]).await;
    enter(ports, "Ann", Role::Admin, &[]).await;
    let identity = Identity { issuer: "https://id.example/".into(), ..Identity::local("Ann") };
    ports.users.refresh(ann, &identity, Role::Member, at(5)).await.expect("written");
    ports.users.refresh(ann, &identity, Role::Member, at(6)).await.expect("written");

    let expected = [
        pair("Command line", "Made a login link for Ann"),
        pair("Ann", "Signed in by a login link"),
        pair("Ann", "Signed in through authentik"),
        pair("Ann", "Role changed to admin"),
        pair("Ann", "Role changed to member"),
    ];
    assert_eq!(told(ports).await, expected);
    let all = log(ports, &AuditFilter::default()).await;
    assert_eq!((all[2].user, all[2].address), (Some(ann), "192.0.2.7".parse().ok()));
    assert!(!format!("{all:?}").contains("canary"), "{all:?}");
}

pub async fn a_model_is_for_everybody_until_it_is_for_groups(ports: &Ports) {
    let staff = enter(ports, "Ann", Role::Member, &["staff", "family"]).await;
    let other = enter(ports, "Bob", Role::Member, &[]).await;
    let admin = enter(ports, "Zoe", Role::Admin, &[]).await;
    let (large, small) = (ModelRef::new("openai", "gpt/large"), ModelRef::new("openai", "gpt/small"));
    let refused = async |user| {
        let mut models: Vec<_> = ports.rules.refused_models(user).await.expect("read").into_iter().collect();
        models.sort();
        models
    };
    assert_eq!(refused(other).await, []);
    let groups = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let set = async |model, names: &[&str]| {
        ports.rules.set_model_groups(model, &groups(names), &by("Zoe")).await.expect("written");
    };
    set(&large, &["staff", "staff", "ops"]).await;
    set(&small, &["ops"]).await;
    assert_eq!(refused(staff).await, std::slice::from_ref(&small));
    assert_eq!(refused(other).await, [large.clone(), small.clone()]);
    assert_eq!(refused(admin).await, [], "who administers may use all");
    let all = ports.rules.model_groups().await.expect("read");
    assert_eq!(all[&large], groups(&["ops", "staff"]));
    set(&large, &[]).await;
    assert_eq!(refused(other).await, [small]);
    let expected = [
        "Changed access to openai/gpt/large: staff, staff, ops",
        "Changed access to openai/gpt/small: ops",
        "Changed access to openai/gpt/large: everyone",
    ];
    assert_eq!(told(ports).await, expected.map(|what| pair("Zoe", what)));
}

pub async fn limits_are_kept_and_what_counts_against_them_is_summed_up(ports: &Ports) {
    assert_eq!(ports.rules.limits().await.expect("read"), Limits::default());
    let limits =
        Limits { monthly_cost: Some(300_000_000_000), monthly_cost_each: None, daily_tokens_each: Some(1_000_000) };
    ports.rules.set_limits(limits, &by("Zoe")).await.expect("written");
    assert_eq!(ports.rules.limits().await.expect("read"), limits);
    assert_eq!(told(ports).await.len(), 1);

    // The 23rd of a month of thirty days.
    let (ann, bob) = (ports.user("ann").await, ports.user("bob").await);
    for (who, seconds, model, tokens, cost) in [
        (ann, 0, "openai/gpt", 100, 10),
        (ann, 60, "local/tiny", 1_000, 0),
        (ann, -DAY, "openai/gpt", 7, 20),
        (ann, -22 * DAY, "openai/gpt", 7, 40),
        (ann, -23 * DAY, "openai/gpt", 7, 80),
        (ann, 8 * DAY, "openai/gpt", 7, 160),
        (bob, 0, "openai/gpt", 500, 1_000),
    ] {
        spend(ports, who, seconds, model, tokens, cost).await;
    }
    let used = Used { monthly_cost: 1_070, monthly_cost_each: 70, daily_tokens_each: 100 };
    assert_eq!(ports.rules.used(ann, at(9)).await.expect("read"), used, "of this month and this day, in UTC");
}

pub async fn what_everybody_used_is_told_by_day_and_person(ports: &Ports) {
    let (bob, ann) = (ports.user("bob").await, ports.user("Ann").await);
    spend(ports, bob, 0, "openai/gpt", 5, 1).await;
    spend(ports, ann, 0, "openai/gpt", 9, 2).await;
    spend(ports, ann, -DAY, "local/tiny", 7, 0).await;
    spend(ports, ann, -2 * DAY, "openai/gpt", 3, 4).await;
    let rows = ports.usage.usage_of_all(at(-DAY), at(0)).await.expect("read");
    let told: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.usage.input + row.usage.output)).collect();
    assert_eq!(told, [("Ann", 7), ("Ann", 9), ("bob", 5)]);
    assert_eq!((rows[2].user, rows[2].usage.cost, rows[2].usage.turns), (bob, 1, 1));
}

pub async fn all_sessions_that_can_be_asked_about_are_found(ports: &Ports) {
    let ann = enter(ports, "Ann", Role::Member, &[]).await;
    for (n, can_be_asked) in [(1, Some(true)), (2, Some(true)), (3, Some(false)), (4, None)] {
        let provider = can_be_asked.map(|can_be_asked| ProviderSession {
            provider: "authentik".into(),
            sid: None,
            tokens: Vec::new(),
            can_be_asked,
        });
        let session = NewSession {
            hash: hash(n),
            user: ann,
            user_agent: String::new(),
            address: None,
            created_at: at(0),
            expires_at: at(1_000),
            provider,
        };
        assert!(ports.sessions.create(&session).await.expect("created"));
    }
    ports.sessions.asked(hash(1), b"", at(5)).await.expect("noted");
    let all = async |now, limit| {
        let found = ports.sessions.all_to_ask(at(now), chat::Timestamp(0), limit).await.expect("read");
        found.into_iter().map(|session| session.hash).collect::<Vec<_>>()
    };
    assert_eq!(all(10, 9).await, [hash(2), hash(1)], "used since or not");
    assert_eq!(all(10, 1).await, [hash(2)]);
    assert_eq!(all(1_000, 9).await, [], "they are over");
    ports.sessions.revoke(hash(2), at(11)).await.expect("revoked");
    assert_eq!(all(12, 9).await, [hash(1)]);
}
