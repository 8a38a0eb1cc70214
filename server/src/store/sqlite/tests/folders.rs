//! That the list stays as fast as it is, however much somebody has.

use chat::ports::Conversations;
use sqlx::{AssertSqlSafe, Row as _};

const LIST: &str = include_str!("../conversations/list.sql");

/// So many conversations of a user; every hundredth is pinned, every tenth in a folder, every seventh archived.
const FILL: &str = "
    INSERT INTO folders (id, user_id, name, position, created_at) VALUES (zeroblob(16), ?1, 'Work', 1, 0);
    INSERT INTO conversations (id, user_id, title, title_source, created_at, updated_at, pinned_at, folder_id, archived_at)
    WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10000)
    SELECT randomblob(16), ?1, 'Talk ' || n, 'prompt', n, n, iif(n % 100 = 0, n, NULL),
        iif(n % 10 = 1, zeroblob(16), NULL), iif(n % 7 = 0, n, NULL) FROM n;";

#[tokio::test]
async fn a_long_list_is_read_from_its_indexes() {
    let (_folder, store) = super::database().await;
    let ann = crate::store::contract::Ports::of(store.clone()).user("ann").await;
    let owner = ann.0.as_bytes().to_vec();
    for query in FILL.split_inclusive(';') {
        sqlx::query(AssertSqlSafe(query)).bind(owner.clone()).execute(&store.writer).await.expect("filled");
    }
    let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {LIST}"));
    let plan = sqlx::query(explain).bind(owner).bind(200).fetch_all(&store.readers).await.expect("a plan");
    let plan: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
    for index in ["pinned_conversations", "conversations_in_folders", "loose_conversations"] {
        let reads = format!("SEARCH conversations USING INDEX {index} (user_id=?)");
        assert!(plan.contains(&reads), "{index} is not used: {plan:?}");
    }
    assert!(!plan.iter().any(|step| step.contains("SCAN conversations")), "{plan:?}");
    // Each part is put in order once more, but it has been limited before.
    let (limited, sorts) = ("CO-ROUTINE", "TEMP B-TREE");
    let steps = |word: &str| plan.iter().filter(|step| step.contains(word)).count();
    assert!(steps(limited) == 3 && steps(sorts) <= 3, "{plan:?}");

    let list = store.list(ann, 200).await.expect("a list");
    let count = |is: fn(&chat::Shelf) -> bool| list.iter().filter(|summary| is(&summary.shelf)).count();
    assert_eq!(count(|shelf| shelf.pinned), 86, "all that are pinned and not archived");
    assert_eq!(count(|shelf| !shelf.pinned && shelf.folder.is_some()), 200);
    assert_eq!(count(|shelf| shelf.is_default()), 200);
    assert!(list.is_sorted_by(|one, next| one.updated_at >= next.updated_at));
}
