//! Plots, the page and `assay verify`, as their users call them.

use crate::common::Ended;
use crate::common::assay;
use assay_sim::work::Digest;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// A small scenario: `miners` in two cohorts, named as one likes.
fn scenario(place: &Path, (first, second): (&str, &str), miners: u32) -> PathBuf {
    // A JSON string is a TOML one, whatever stands in it.
    let quoted = |name: &str| serde_json::to_string(name).unwrap();
    let (first, second) = (quoted(first), quoted(second));
    let text = format!(
        "# Does the report show who was paid?\n[run]\nseed = 3\nreplications = 3\nepochs = 4\n\
         [[client]]\nname = \"crowd\"\n[client.arrivals.poisson]\nrate_per_h = 600.0\n\
         [[cohort]]\nname = {first}\ncount = {}\nstake_alpha = 500.0\n[cohort.service.exponential]\nmean_ms = 4000.0\n\
         [[cohort]]\nname = {second}\ncount = {}\nstake_alpha = 100.0\n[cohort.service.exponential]\nmean_ms = 9000.0\n",
        miners / 2,
        miners - miners / 2,
    );
    let file = place.join("small.toml");
    fs::write(&file, text).unwrap();
    file
}

fn run(file: &Path, out: &Path) {
    let ended = assay(&["run", file.to_str().unwrap(), "--quiet", "--out", out.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{ended:?}");
}

fn report(folder: &Path) -> Ended {
    assay(&["report", folder.to_str().unwrap()])
}

fn verify(folder: &Path, place: &Path) -> Ended {
    let jobs = place.join("jobs.csv");
    assay(&["verify", folder.to_str().unwrap(), "--quiet", "--jobs", jobs.to_str().unwrap()])
}

fn page(folder: &Path) -> String {
    fs::read_to_string(folder.join("report.html")).unwrap()
}

/// Every file of the report below `folder`, with its bytes.
fn packet(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder.join("plots")).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths.push(folder.join("report.html"));
    let name = |path: &Path| path.strip_prefix(folder).unwrap().to_path_buf();
    paths.iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

#[test]
fn a_report_made_twice_has_the_same_bytes() {
    let place = tempfile::tempdir().unwrap();
    let (one, two) = (place.path().join("one"), place.path().join("two"));
    run(&scenario(place.path(), ("fast", "slow"), 12), &one);
    let ended = assay(&["report", one.to_str().unwrap(), "--png", "--out", two.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let (made, again) = (packet(&one), packet(&two));
    assert!(made.len() > 8, "{} files", made.len());
    for (name, bytes) in &made {
        let other = again.iter().find(|(own, _)| own == name);
        assert!(other.is_some_and(|(_, other)| other == bytes), "{} differs", name.display());
    }
    let pngs = again.iter().filter(|(name, _)| name.extension().is_some_and(|e| e == "png"));
    assert!(pngs.into_iter().all(|(_, bytes)| bytes.starts_with(b"\x89PNG")));
}

#[test]
fn the_page_holds_everything_and_asks_nobody() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("results");
    run(&scenario(place.path(), ("fast", "slow"), 12), &folder);
    let page = page(&folder);
    for part in [
        "Does the report show who was paid?",
        "fast-1",
        "invariants hold",
        "assay run small.toml",
        "<svg",
    ] {
        assert!(page.contains(part), "no {part}");
    }
    let outside = page.replace("http://www.w3.org/2000/svg", "");
    for way in ["http:", "https:", " src=", "@import", "url("] {
        assert!(!outside.contains(way), "the page has {way}");
    }
}

#[test]
fn hostile_names_are_text_and_nothing_else() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("results");
    let names = (
        "</script><script>alert(1)</script>",
        "<img src=x onerror=alert(2)>\" ' &amp; \u{202e}evil",
    );
    run(&scenario(place.path(), names, 6), &folder);
    let page = page(&folder);
    assert_eq!(page.matches("<script").count(), 1, "only the page's own script");
    assert_eq!(page.matches("</script").count(), 1);
    assert!(!page.contains("<img") && !page.contains('\u{202e}'));
    assert!(page.contains("alert(1)"), "the name is shown");
    for (name, bytes) in packet(&folder) {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("<img") && !text.contains("<script>alert"), "{}", name.display());
    }
}

#[test]
fn one_miner_and_all_256_uids_give_a_report() {
    for miners in [1, 252] {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("results");
        let names = ("a", "b");
        let file = scenario(place.path(), names, miners.max(2));
        if miners == 1 {
            let text = fs::read_to_string(&file).unwrap();
            let cut = text.rfind("[[cohort]]").unwrap();
            fs::write(&file, &text[..cut]).unwrap();
        }
        run(&file, &folder);
        assert!(page(&folder).contains("All miners"), "{miners} miners");
        assert!(folder.join("plots/pay_stake.svg").is_file());
    }
}

#[test]
fn a_folder_that_is_none_is_refused_with_the_reason() {
    let place = tempfile::tempdir().unwrap();
    let missing = place.path().join("nowhere");
    let empty = place.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let foreign = place.path().join("foreign");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("thesis.tex"), "mine").unwrap();
    let file = foreign.join("thesis.tex");
    for (folder, why) in [
        (&missing, "is not there"),
        (&empty, "is empty"),
        (&foreign, "no manifest.json"),
        (&file, "is a file"),
    ] {
        for ended in [report(folder), verify(folder, place.path())] {
            assert_eq!(ended.code, 2, "{ended:?}");
            assert!(ended.err.contains(why), "{why}: {ended:?}");
        }
    }
}

#[test]
fn damage_is_told_with_its_place() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("results");
    run(&scenario(place.path(), ("a", "b"), 4), &folder);
    let whole = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let (manifest, miners) = (whole("manifest.json"), whole("miners.csv"));
    let cut = miners.trim_end().rfind('\n').unwrap();
    let other = manifest.replace("\"manifest_version\": 1", "\"manifest_version\": 99");
    let hash = manifest.replace("seed = 3", "seed = 4");
    for (name, text, why) in [
        ("miners.csv", miners[..cut].to_string(), "cut short"),
        ("miners.csv", miners.replace("pay_rao", "pay"), "no column pay_rao"),
        ("miners.csv", miners.replacen("100,", "many,", 1), "no number"),
        ("manifest.json", manifest[..100].to_string(), "damaged"),
        ("manifest.json", other, "version 99"),
        ("manifest.json", hash, "another hash"),
        ("verdicts.json", "{".to_string(), "damaged"),
    ] {
        let before = whole(name);
        fs::write(folder.join(name), text).unwrap();
        let ended = report(&folder);
        assert_eq!(ended.code, 2, "{name} {why}: {ended:?}");
        assert!(ended.err.contains(why), "{why}: {ended:?}");
        fs::write(folder.join(name), before).unwrap();
    }
    fs::remove_file(folder.join("metrics.csv")).unwrap();
    assert!(report(&folder).err.contains("has no metrics.csv"));
}

#[test]
fn a_folder_without_its_course_still_gives_a_report() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("results");
    run(&scenario(place.path(), ("a", "b"), 4), &folder);
    assert!(folder.join("plots/class_pay.svg").is_file());
    fs::remove_file(folder.join("epochs.csv")).unwrap();
    assert_eq!(report(&folder).code, 0);
    assert!(page(&folder).contains("epochs.csv is not kept"));
    assert!(!folder.join("plots/class_pay.svg").exists(), "a plot of other results may not stay");
}

#[test]
fn verify_tells_the_replication_that_differs() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("results");
    run(&scenario(place.path(), ("a", "b"), 4), &folder);
    let ended = verify(&folder, place.path());
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.out.contains("as claimed"));

    let text = fs::read_to_string(folder.join("manifest.json")).unwrap();
    let mut manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    manifest["replication_digests"][1] = serde_json::json!("0".repeat(32));
    let digests = manifest["replication_digests"].as_array().unwrap();
    let digests: Vec<Digest> =
        digests.iter().map(|d| Digest::parse(d.as_str().unwrap()).unwrap()).collect();
    manifest["digest"] = serde_json::json!(Digest::of_replications(&digests).to_string());
    fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();
    let ended = verify(&folder, place.path());
    assert_eq!(ended.code, 1, "{ended:?}");
    assert_eq!(ended.line("first"), "replication 1");
    let jobs = fs::read_to_string(place.path().join("jobs.csv")).unwrap();
    assert!(ended.out.contains(jobs.lines().nth(1).unwrap()), "the first row is shown");

    fs::write(folder.join("manifest.json"), text).unwrap();
    let miners = fs::read_to_string(folder.join("miners.csv")).unwrap();
    fs::write(folder.join("miners.csv"), miners.replacen("500", "501", 1)).unwrap();
    let ended = verify(&folder, place.path());
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.out.contains("miners.csv     differs first in line 2"), "{ended:?}");
}
