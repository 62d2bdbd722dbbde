//! A results folder with other plots and another page, put in its place at one stroke; all else in it stays as it is.

use crate::report::draft::Draft;
use crate::report::folder::Folder;
use crate::report::folder::FolderError;
use crate::report::manifest::MANIFEST;
use crate::report::ours;
use crate::report::packet;
use crate::report::packet::Packet;
use crate::report::seal;
use crate::report::seal::Seal;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

/// Puts a packet into the results folder at `place`; plots of an earlier one go.
///
/// A manifest whose seal holds is sealed again with the packet; another stays as it is, for it would vouch for what was
/// changed.
///
/// # Errors
/// When the folder holds links or devices, cannot be read, or the disk is full or fails.
pub(crate) fn redraw(place: &Path, files: &Packet) -> Result<(), FolderError> {
    let place: PathBuf = match place.file_name() {
        Some(_) => place.components().collect(),
        // The folder one stands in has a name in its parent.
        None => fs::canonicalize(place).map_err(|e| FolderError::Disk(place.to_path_buf(), e))?,
    };
    let disk = |e| FolderError::Disk(place.clone(), e);
    let about = fs::symlink_metadata(&place).map_err(disk)?.file_type();
    if !about.is_dir() {
        let why = format!("is {}, and a report is made inside a folder", ours::kind(about));
        return Err(FolderError::Foreign(place, why));
    }
    let draft = Draft::folder(&place).map_err(disk)?;
    carry(&place, draft.path(), "").map_err(|failure| match failure {
        CarryRefusal::Odd(name, kind) => {
            FolderError::Foreign(place.clone(), format!("holds {name}, {kind}"))
        }
        CarryRefusal::Disk(error) => disk(error),
    })?;
    let manifest = fs::read(draft.path().join(MANIFEST)).map_err(disk)?;
    let folder = Folder::of(place.clone(), draft);
    for (name, bytes) in files {
        folder.write(name, bytes)?;
    }
    if let Seal::Whole(mut hashes) = seal::seal_of(&manifest) {
        hashes.retain(|name, _| !packet::is_plot(Path::new(name)));
        hashes.extend(files.iter().map(|(name, bytes)| (name.clone(), seal::hash(bytes))));
        let sealed = seal::sealed(&manifest, &hashes).expect("its seal was read");
        folder.write(MANIFEST, &sealed)?;
    }
    folder.replace()
}

/// Why a folder's content was not carried over.
enum CarryRefusal {
    /// What is neither file nor folder, and what it is.
    Odd(String, &'static str),
    /// The disk, or its permissions.
    Disk(io::Error),
}

/// Gives everything in a folder a second name in another, older plots left out.
fn carry(from: &Path, to: &Path, below: &str) -> Result<(), CarryRefusal> {
    for entry in fs::read_dir(from).map_err(CarryRefusal::Disk)? {
        let entry = entry.map_err(CarryRefusal::Disk)?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        let about = entry.file_type().map_err(CarryRefusal::Disk)?;
        let target = to.join(entry.file_name());
        if about.is_dir() {
            fs::create_dir(&target).map_err(CarryRefusal::Disk)?;
            carry(&entry.path(), &target, &format!("{name}/"))?;
        } else if !about.is_file() {
            return Err(CarryRefusal::Odd(name, ours::kind(about)));
        } else if !packet::is_plot(Path::new(&name)) {
            // A copy: what is written into the draft may not reach the older folder through a second name.
            fs::copy(entry.path(), &target).map_err(CarryRefusal::Disk)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(text: &str) -> Packet {
        vec![
            ("plots/scores.svg".to_string(), text.as_bytes().to_vec()),
            ("report.html".to_string(), text.as_bytes().to_vec()),
        ]
    }

    #[test]
    fn a_report_takes_the_place_of_an_older_one_and_leaves_all_else() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("results");
        let folder = Folder::begin(&target).unwrap();
        folder.write(MANIFEST, br#"{"package": "assay-sim"}"#).unwrap();
        folder.write("miners.csv", b"a\n").unwrap();
        folder.write("plots/lorenz.svg", b"old").unwrap();
        folder.finish().unwrap();
        redraw(&target, &packet("new")).unwrap();
        assert_eq!(ours::objection(&target).unwrap(), None);
        assert!(!target.join("plots/lorenz.svg").exists());
        fs::write(target.join("notes.txt"), "mine").unwrap();
        redraw(&target, &packet("newer")).unwrap();
        assert_eq!(fs::read_to_string(target.join("notes.txt")).unwrap(), "mine");
        assert_eq!(fs::read_to_string(target.join("report.html")).unwrap(), "newer");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_report_does_not_leave_its_folder() {
        let place = tempfile::tempdir().unwrap();
        let (target, other) = (place.path().join("results"), place.path().join("other"));
        fs::create_dir(&target).unwrap();
        fs::create_dir(&other).unwrap();
        fs::write(other.join("scores.svg"), "mine").unwrap();
        fs::write(target.join(MANIFEST), "{}").unwrap();
        std::os::unix::fs::symlink(&other, target.join("plots")).unwrap();
        assert!(matches!(redraw(&target, &packet("x")), Err(FolderError::Foreign(..))));
        assert_eq!(fs::read_to_string(other.join("scores.svg")).unwrap(), "mine");
    }
}
