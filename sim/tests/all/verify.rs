//! `assay verify` runs again everything that a folder claims, whatever verb made it, and names the first file that is another:
//! also where the hashes that the manifest keeps say nothing.

use crate::common::Ended;
use crate::common::assay;
use assay_testing::TestFolder;
use serde_json::Map;
use serde_json::Value;
use std::fs;

/// Two groups of miners; a run takes milliseconds.
const WORLD: &str = "# Who is paid?
[run]
replications = 2
epochs = 4

[[client]]
name = \"client\"
arrivals.poisson = { rate_per_h = 60.0 }

[[cohort]]
name = \"fast\"
count = 3
stake_alpha = 500.0
service.lognormal = { median_ms = 3000.0, sigma = 0.1 }

[[cohort]]
name = \"slow\"
count = 3
stake_alpha = 500.0
service.lognormal = { median_ms = 6000.0, sigma = 0.1 }

[[property]]
id = \"fast-share\"
claim = \"The fast are paid more.\"
kind = \"mean\"
quantity.pay_share = {}
over.classes = [\"fast\"]
relation = \"at_least\"
threshold = 0.5
margin = 0.2
";

/// A claim on a change to what another file or a list of changes says.
fn compared(variant: &str) -> String {
    format!(
        "\n[[property]]\nid = \"change\"\nclaim = \"Stake changes little.\"\nkind = \"comparison\"\nquantity.pay_share = {{}}\n\
         over.classes = [\"fast\"]\nvariant.{variant}\nrelation = \"at_most\"\nthreshold = 0.3\nmargin = 0.2\n"
    )
}

/// The folders of every verb, each with the tables that it holds beside those of a run.
fn folders(place: &TestFolder) -> Vec<(String, Vec<&'static str>)> {
    fs::create_dir(place.path("scenarios")).unwrap();
    fs::create_dir(place.path("scenarios/deep")).unwrap();
    let write = |name: &str, text: String| place.write(&format!("scenarios/{name}"), text);
    let base = write(
        "base.toml",
        format!("{WORLD}{}", compared("set = [\"cohort.fast.stake_alpha=50\"]")),
    );
    write("deep/poor.toml", WORLD.replace("500.0", "50.0"));
    let file = write("file.toml", format!("{WORLD}{}", compared("file = \"deep/poor.toml\"")));
    let grid = "\n[[sweep.grid]]\nkey = \"cohort.fast.stake_alpha\"\nvalues = [50.0, 500.0]\n[[sweep.grid]]\nkey = \"run.epochs\"\n\
        values = [3, 4]\n";
    let grid =
        write("grid.toml", format!("{WORLD}{}{grid}", compared("file = \"deep/poor.toml\"")));
    let list = "\n[[sweep.list]]\nname = \"poor\"\nfile = \"deep/poor.toml\"\nset = [\"run.epochs=3\"]\n[[sweep.list]]\n\
        name = \"own\"\nset = [\"cohort.slow.stake_alpha=5\"]\n";
    let list = write("list.toml", format!("{WORLD}{list}"));
    let poor = place.path("scenarios/deep/poor.toml");
    let short = ["--epochs", "3", "--set", "cohort.slow.class=late ones", "--quiet", "--out"];
    let mut made = Vec::new();
    for (verb, words, own) in [
        ("run", vec![base.as_str()], vec![]),
        ("check", vec![base.as_str()], vec![]),
        ("check", vec![file.as_str()], vec![]),
        ("compare", vec![base.as_str(), "--both", "client.client.from_h=0.5"], vec!["compare.csv"]),
        ("compare", vec![base.as_str(), poor.as_str()], vec!["compare.csv"]),
        ("sweep", vec![grid.as_str()], vec!["sweep.csv"]),
        ("sweep", vec![list.as_str()], vec!["sweep.csv"]),
    ] {
        let out = place.path(&format!("{verb}-{}", made.len()));
        let ended = assay(&[&[verb][..], &words, &short, &[out.as_str()]].concat());
        assert!([0, 1, 3].contains(&ended.code), "{verb} {words:?}: {ended:?}");
        made.push((out, own));
    }
    made
}

fn verify(folder: &str) -> Ended {
    assay(&["verify", folder, "--quiet"])
}

/// Takes the hashes out of a manifest, as versions before had none: only what is run again tells a change then.
fn unseal(folder: &str) {
    let path = format!("{folder}/manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    let mut keys: Map<String, Value> = serde_json::from_str(&text).unwrap();
    assert!(keys.remove("files").is_some() && keys.remove("manifest_hash").is_some());
    fs::write(&path, serde_json::to_string_pretty(&keys).unwrap() + "\n").unwrap();
}

/// A file with one cell altered.
fn altered(name: &str, text: &str) -> String {
    let swap = |from: &str, to: &str| text.replacen(from, to, 1);
    match name.rsplit('.').next().unwrap() {
        "json" => swap("\"PASS\"", "\"FAIL\""),
        "html" => swap("<body", "<body "),
        "svg" => swap("<svg", "<svg "),
        _ => {
            // The last digit of the last row.
            let place = text.rfind(|c: char| c.is_ascii_digit()).unwrap();
            let digit = if &text[place..=place] == "7" { "8" } else { "7" };
            format!("{}{digit}{}", &text[..place], &text[place + 1..])
        }
    }
}

#[test]
fn one_cell_altered_in_any_kind_of_folder_is_found_with_hashes_and_without() {
    let place = TestFolder::new();
    for (folder, own) in folders(&place) {
        let same = verify(&folder);
        assert_eq!(same.code, 0, "{folder}: {same:?}");
        let plots: Vec<String> = fs::read_dir(format!("{folder}/plots"))
            .unwrap()
            .map(|entry| format!("plots/{}", entry.unwrap().file_name().into_string().unwrap()))
            .collect();
        let tables = ["miners.csv", "epochs.csv", "metrics.csv", "verdicts.json", "report.html"];
        let plot = plots.iter().min().unwrap().as_str();
        let names: Vec<&str> = tables.into_iter().chain(own).chain([plot]).collect();
        for name in names.iter().filter(|name| name.contains("csv")) {
            let claimed = format!("{name:<14} as claimed");
            assert!(same.out.contains(&claimed), "{folder}: {name}: {same:?}");
        }
        let last = names[names.len() - 2];
        assert_found(&folder, last, true);
        unseal(&folder);
        assert_eq!(verify(&folder).code, 0, "{folder}: {:?}", verify(&folder));
        for name in names {
            assert_found(&folder, name, false);
        }
    }
}

/// Asserts that one cell altered in a file is found and named first, and a file that is missing where a hash of it is kept.
fn assert_found(folder: &str, name: &str, is_sealed: bool) {
    let path = format!("{folder}/{name}");
    let before = fs::read_to_string(&path).unwrap();
    let after = altered(name, &before);
    assert_ne!(before, after, "{path}");
    fs::write(&path, &after).unwrap();
    let found = verify(folder);
    assert_eq!(found.code, 1, "{path}: {found:?}");
    let is_news = |line: &&str| !line.starts_with("digest") && !line.ends_with("as claimed");
    let first = found.out.lines().find(is_news);
    assert!(first.is_some_and(|line| line.starts_with(name)), "{path}: {found:?}");
    if is_sealed {
        fs::remove_file(&path).unwrap();
        let found = verify(folder);
        assert!(found.code == 1 && found.out.starts_with(name), "{path}: {found:?}");
    }
    fs::write(&path, &before).unwrap();
}

#[test]
fn a_folder_whose_work_cannot_be_run_again_is_held_against_its_hashes() {
    let place = TestFolder::new();
    let (jobs, out) = (place.path("jobs.csv"), place.path("out"));
    let file = place.write("world.toml", WORLD);
    let run = ["run", &file, "--quiet", "--out", &place.path("run"), "--jobs", &jobs];
    assert_eq!(assay(&run).code, 0);
    assert_eq!(assay(&["replay", &jobs, "--scenario", &file, "--out", &out]).code, 0);
    let intact = verify(&out);
    assert!(intact.code == 2 && intact.err.contains("where the trace lies"), "{intact:?}");
    let pictures = place.path("pictures");
    let made = place.path("run");
    assert_eq!(assay(&["report", &made, "--quiet", "--out", &pictures]).code, 0);
    let told = verify(&pictures);
    assert!(told.code == 2 && told.err.contains("plots and a page alone"), "{told:?}");
    let path = format!("{out}/replay.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, altered("replay.csv", &text)).unwrap();
    let found = verify(&out);
    assert!(found.code == 1 && found.err.contains("replay.csv"), "{found:?}");
}

#[test]
fn a_page_that_was_drawn_again_from_what_the_folder_keeps_is_as_claimed() {
    let place = TestFolder::new();
    let (file, out) = (place.write("world.toml", WORLD), place.path("out"));
    let kept = "miners.csv,metrics.csv,verdicts.json,plots,report.html";
    let run = ["run", &file, "--quiet", "--out", &out, "--only", kept];
    assert_eq!(assay(&run).code, 0);
    assert_eq!(verify(&out).code, 0, "{:?}", verify(&out));
    let before = fs::read_to_string(format!("{out}/report.html")).unwrap();
    assert_eq!(assay(&["report", &out, "--quiet", "--png"]).code, 0);
    let again = fs::read_to_string(format!("{out}/report.html")).unwrap();
    assert_ne!(before, again, "without epochs.csv there is less to draw");
    assert_eq!(verify(&out).code, 0, "{:?}", verify(&out));
    unseal(&out);
    fs::write(format!("{out}/report.html"), altered("report.html", &again)).unwrap();
    let found = verify(&out);
    assert!(found.code == 1 && found.out.contains("report.html    differs"), "{found:?}");
}
