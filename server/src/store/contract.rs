//! What every backend must do, told once and run against each of them by [`contract_tests`].

pub(super) mod accounts;
pub(super) mod administration;
pub(super) mod branches;
pub(super) mod chats;
pub(super) mod exports;
pub(super) mod files;
pub(super) mod flushes;
pub(super) mod folders;
pub(super) mod imports;
pub(super) mod isolation;
pub(super) mod model_providers;
mod ports;
pub(super) mod providers;
pub(super) mod search;
pub(super) mod shares;
pub(super) mod usage;

use chat::{
    Timestamp, Turn,
    audit::By,
    ports::{Progress, TokenHash},
};
pub(super) use ports::Ports;

/// Makes a test of each story. `$open` is an async function that gives something to keep alive and the [`Ports`]
/// of an empty store.
macro_rules! contract_tests {
    ($open:path) => {
        $crate::store::contract::contract_tests! { @each $open;
            accounts:
                a_first_sign_in_makes_a_user_and_later_ones_refresh_it,
                a_user_is_an_issuer_and_a_subject_and_nothing_else,
                twenty_first_sign_ins_at_once_make_one_user,
                a_session_begins_and_ends,
                a_taken_session_hash_is_refused,
                b01_nothing_revives_a_revoked_session,
                b10_a_session_ends_at_both_limits_to_the_millisecond,
                b10_a_clock_that_jumps_neither_ends_nor_prolongs_beyond_its_jump,
                b13_unknown_sessions_are_never_made,
                purging_forgets_what_has_ended_and_nothing_else,
                a_login_link_signs_in_once,
                a_login_link_expires_to_the_millisecond,
                two_claims_at_once_have_one_winner;
            providers:
                a_session_keeps_its_providers_end,
                a_provider_ends_the_session_of_a_sid_or_all_of_a_subject,
                a_session_that_knows_no_sid_ends_with_its_subject,
                a_logout_token_is_used_once,
                sessions_in_use_are_asked_about_now_and_then,
                a_users_sessions_are_listed_the_last_used_first,
                a_disabled_user_is_nobody_until_enabled_again,
                a_refresh_takes_over_what_the_provider_says,
                a_user_has_one_picture_at_most,
                a_namesake_is_somebody_else_of_the_same_issuer;
            model_providers:
                an_added_provider_is_kept_changed_and_removed,
                the_id_of_an_added_provider_is_its_own,
                a_change_that_has_not_seen_the_last_one_changes_nothing;
            chats:
                a_conversation_from_its_first_message_to_its_end,
                a_repeated_send_is_one_turn,
                a_key_belongs_to_its_user,
                one_turn_runs_at_a_time,
                another_attempt_stands_beside_the_first,
                an_attempt_waits_for_the_running_turn,
                a_message_may_follow_an_older_one,
                a_title_of_the_user_is_never_replaced,
                lists_are_newest_first_and_limited,
                a_deleted_conversation_is_gone_with_everything_in_it;
            flushes:
                a_failed_flush_is_repeated_with_more,
                a_flush_that_was_stored_unheard_is_not_lost_nor_doubled,
                an_old_flush_after_a_new_one_changes_nothing,
                a_turn_that_ended_stays_as_it_ended,
                every_end_of_a_turn_is_stored_whole,
                any_text_is_stored_byte_by_byte,
                a_flush_after_a_delete_is_no_error,
                interrupting_keeps_what_had_arrived;
            shares:
                c07_a_snapshot_is_read_by_its_link_until_that_ends,
                c07_nobody_shares_or_ends_what_is_somebody_elses,
                c07_a_link_ends_with_its_conversation_and_rests_while_its_owner_is_disabled,
                all_conversations_of_one_user_are_deleted_and_nobody_elses;
            files:
                a_file_is_found_by_its_owner_as_it_was_added,
                files_come_with_the_message_in_their_order,
                c05_a_foreign_file_is_no_attachment_and_nothing_is_written,
                g05_many_files_at_once_stay_below_the_quota,
                a_file_can_be_removed_until_it_is_sent,
                what_was_never_sent_is_purged,
                a_file_goes_with_the_last_message_that_has_it;
            folders:
                folders_keep_the_order_that_their_user_gives_them,
                a_user_has_a_hundred_folders_at_most,
                a_folder_that_goes_leaves_what_was_in_it,
                pinned_ones_and_folders_are_listed_however_old,
                archived_ones_are_not_listed_but_found_until_something_is_said,
                the_archive_has_pages,
                several_are_deleted_at_once,
                c08_what_is_done_to_several_is_done_to_ones_own_only,
                c01_folders_of_others_look_like_ones_that_do_not_exist;
            branches:
                a_branch_that_was_chosen_is_shown_to_its_newest_end,
                another_version_stands_beside_a_message_of_the_user,
                parameters_are_kept_as_they_are,
                a_summary_belongs_to_the_branch_that_it_stands_for,
                a_message_is_deleted_alone_or_with_what_follows_it,
                when_the_shown_branch_is_gone_its_neighbour_is_shown,
                what_is_deleted_is_neither_answered_nor_followed,
                c01_deletions_are_refused_to_others_and_while_a_turn_runs,
                what_was_deleted_long_ago_is_forgotten,
                an_attempt_may_go_on_with_what_the_first_one_says;
            search:
                titles_are_found_before_messages_each_conversation_once,
                words_are_found_whatever_their_case_and_marks,
                scripts_without_spaces_are_found_by_any_part,
                what_is_deleted_is_not_found_until_it_is_brought_back,
                a_reply_is_found_when_it_has_ended,
                c12_nobody_finds_what_others_said,
                h05_whatever_is_typed_is_a_query;
            exports:
                everything_is_taken_away_but_what_was_deleted,
                c01_only_ones_own_conversations_are_taken_away;
            imports:
                an_imported_conversation_is_like_any_other,
                k08_the_same_again_is_not_imported_twice,
                c01_only_imported_conversations_of_their_user_are_taken_back;
            usage:
                what_a_turn_used_is_counted_once_on_its_day_and_outlives_it,
                what_was_used_without_a_stored_turn_is_counted_too;
            administration:
                people_are_listed_by_name_found_and_counted,
                who_is_disabled_enabled_or_deleted_is_written_down,
                the_last_who_administers_stays,
                whoever_is_deleted_leaves_nothing_but_the_log,
                what_was_recorded_is_found_the_newest_first,
                entries_of_the_log_are_forgotten_by_their_age,
                what_the_store_changes_it_writes_down_itself,
                a_model_is_for_everybody_until_it_is_for_groups,
                limits_are_kept_and_what_counts_against_them_is_summed_up,
                what_everybody_used_is_told_by_day_and_person,
                all_sessions_that_can_be_asked_about_are_found;
            isolation:
                c01_what_is_foreign_is_the_same_as_what_does_not_exist,
                c01_a_list_holds_the_users_own_conversations_only,
                c03_a_message_into_a_foreign_conversation_is_not_found_and_not_written,
                c04_a_parent_of_another_conversation_is_not_found_and_not_written;
        }
    };
    (@each $open:path; $($module:ident: $($story:ident),+;)+) => {
        $($(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                let (_kept, ports) = $open().await;
                $crate::store::contract::$module::$story(&ports).await;
            }
        )+)+
    };
}
pub(super) use contract_tests;

/// A time, in seconds after some day in November 2026.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp(1_795_424_400_000).plus_seconds(seconds)
}

/// Somebody without an account, at the beginning of [`at`].
pub(super) fn by(name: &str) -> By {
    By { user: None, name: name.into(), address: "192.0.2.14".parse().ok(), at: at(0) }
}

/// A hash that no other number gives.
pub(super) fn hash(n: u8) -> TokenHash {
    TokenHash([n; 32])
}

/// Everything of a turn of which nothing is stored yet.
pub(super) fn from_start(turn: &Turn) -> Progress {
    after(turn, &Turn { seq: chat::Seq(0), text: String::new(), reasoning: String::new(), ..turn.clone() })
}

/// What has come since `stored`.
pub(super) fn after(turn: &Turn, stored: &Turn) -> Progress {
    let new = |now: &str, before: &str| now[before.len()..].to_owned();
    let (text, reasoning) = (new(&turn.text, &stored.text), new(&turn.reasoning, &stored.reasoning));
    Progress { stored_seq: stored.seq, text, reasoning, whole: false, ..whole(turn) }
}

/// A turn with everything it has.
pub(super) fn whole(turn: &Turn) -> Progress {
    Progress {
        stored_seq: chat::Seq(0),
        text: turn.text.clone(),
        reasoning: turn.reasoning.clone(),
        whole: true,
        turn: Turn { text: String::new(), reasoning: String::new(), ..turn.clone() },
    }
}
