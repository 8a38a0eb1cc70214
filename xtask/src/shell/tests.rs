use super::*;

#[test]
fn a_failing_program_is_named_with_its_arguments() {
    let fault = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err().to_string();
    assert!(fault.contains("sh -c exit 3") && fault.contains('3'), "{fault}");
    let fault = run(&mut Command::new("no-such-program-here")).unwrap_err().to_string();
    assert!(fault.contains("no-such-program-here"), "{fault}");
}

#[test]
fn what_a_program_complained_of_is_kept() {
    let fault = output(Command::new("sh").args(["-c", "echo the reason >&2; exit 1"])).unwrap_err().to_string();
    assert!(fault.contains("the reason"), "{fault}");
}

#[test]
fn times_are_told_in_seconds_then_minutes() {
    assert_eq!(human(Duration::from_millis(240)), "0.2 s");
    assert_eq!(human(Duration::from_secs(125)), "2 min 5 s");
}

#[test]
fn the_estimate_is_for_the_first_time_only() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(first_time(folder.path(), "3 min"), "");
    assert_eq!(first_time(&folder.path().join("none"), "3 min"), " (first time: about 3 min)");
}

#[test]
fn steps_count_and_stop_at_the_first_fault() {
    let mut steps = Steps::new(2);
    assert_eq!(steps.step("one", || Ok(1)).unwrap(), 1);
    assert!(steps.step("two", || anyhow::bail!("no") as Result<()>).is_err());
    assert_eq!(steps.begun, 2);
}
