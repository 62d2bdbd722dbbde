//! Optional checks on the image that came with a success; no published version has them.

use crate::base::wording;
use crate::model::scoring::FinishedJob;

/// What a success must carry to stay one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ImageCheck {
    /// An image at all.
    pub(super) require_image: bool,
    /// An image of at least this size [bytes]; above 0 this requires an image too, for none has no bytes.
    pub(super) image_bytes_min: u64,
}

impl ImageCheck {
    /// The check of these two keys.
    pub(super) fn of(require_image: bool, image_bytes_min: u64) -> Self {
        Self { require_image, image_bytes_min }
    }

    /// It in words, behind a score's own; nothing where there is none.
    pub(super) fn told(self) -> String {
        match (self.image_bytes_min, self.require_image) {
            (0, false) => String::new(),
            (0, true) => "; a success without an image is a failure".to_string(),
            (least, _) => {
                let least = wording::whole(least);
                format!("; a success with an image of less than {least} bytes is a failure")
            }
        }
    }

    /// Whether the event is a success that passes; one that does not is a failure at its unchanged event time.
    pub(super) fn is_success(self, event: &FinishedJob) -> bool {
        let has_image = event.has_image == Some(true);
        let bytes = if has_image { event.image_bytes.unwrap_or(0) } else { 0 };
        event.success && (has_image || !self.require_image) && bytes >= self.image_bytes_min
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(has_image: Option<bool>, image_bytes: Option<u64>) -> FinishedJob {
        FinishedJob { success: true, has_image, image_bytes, ..FinishedJob::default() }
    }

    #[test]
    fn without_checks_every_success_stays_one() {
        assert!(ImageCheck::default().is_success(&event(None, None)));
        assert!(!ImageCheck::default().is_success(&FinishedJob::default()));
    }

    #[test]
    fn a_required_image_must_be_there() {
        let check = ImageCheck { require_image: true, image_bytes_min: 0 };
        assert!(check.is_success(&event(Some(true), Some(67))));
        assert!(!check.is_success(&event(Some(false), None)));
        assert!(!check.is_success(&event(None, None)));
    }

    #[test]
    fn a_smallest_size_is_inclusive_and_requires_an_image() {
        let check = ImageCheck { require_image: false, image_bytes_min: 1024 };
        assert!(check.is_success(&event(Some(true), Some(1024))));
        assert!(!check.is_success(&event(Some(true), Some(1023))));
        assert!(!check.is_success(&event(Some(false), None)));
    }
}
