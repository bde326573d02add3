//! Known defects, to show that the tests of the law catch them.
//!
//! Without the feature `mutants` every question here is answered "no" at compile time, and the kernel is
//! what it would be without the question. With it, the environment variable `FACILIS_DEFECT` names
//! the one defect that the process has.

/// What can be wrong, one at a time; verification/defects.json explains the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "mutants"),
    expect(dead_code, reason = "some are asked for by mutants only")
)]
pub enum Defect {
    CalciumSwapped,
    SpikerSwapped,
    WeightByOthers,
    BoundTooLow,
    BoundKept,
    DecaySwapped,
    IndexOffByOne,
    RepeatedIncrement,
    ExitAtSpikes,
    SumsStale,
    ExtinctEarly,
    EdgeLate,
    OldWait,
    SharedStream,
    SqueezeTooWide,
    PrivateLeftBehind,
    PeakUnseen,
    BrokenAtEdge,
    FrameBeyondEvent,
}

#[cfg(not(feature = "mutants"))]
mod selected {
    use super::Defect;
    use crate::stream::Stream;

    /// Whether the process has this defect.
    #[inline(always)]
    pub(crate) const fn has(_: Defect) -> bool {
        false
    }

    #[inline(always)]
    pub(crate) const fn repeats(_: usize) -> bool {
        false
    }

    #[inline(always)]
    pub(crate) const fn pass_edge() {}

    #[inline(always)]
    pub(crate) const fn is_first_after_edge() -> bool {
        false
    }

    #[inline(always)]
    pub(crate) const fn share(stream: Stream) -> Stream {
        stream
    }
}

#[cfg(feature = "mutants")]
mod selected {
    use std::cell::{Cell, RefCell};
    use std::sync::OnceLock;

    use super::Defect::{self, *};
    use crate::stream::Stream;

    const ALL: [Defect; 19] = [
        CalciumSwapped,
        SpikerSwapped,
        WeightByOthers,
        BoundTooLow,
        BoundKept,
        DecaySwapped,
        IndexOffByOne,
        RepeatedIncrement,
        ExitAtSpikes,
        SumsStale,
        ExtinctEarly,
        EdgeLate,
        OldWait,
        SharedStream,
        SqueezeTooWide,
        PrivateLeftBehind,
        PeakUnseen,
        BrokenAtEdge,
        FrameBeyondEvent,
    ];

    thread_local! {
        static LAST_SPIKER: Cell<usize> = const { Cell::new(usize::MAX) };
        static EDGE_PASSED: Cell<bool> = const { Cell::new(false) };
        static TO_SHARE: RefCell<Option<Stream>> = const { RefCell::new(None) };
    }

    /// Whether the process has this defect.
    #[inline]
    pub(crate) fn has(defect: Defect) -> bool {
        static SELECTED: OnceLock<Option<Defect>> = OnceLock::new();
        *SELECTED.get_or_init(|| {
            let name = std::env::var("FACILIS_DEFECT").ok()?;
            ALL.into_iter().find(|defect| format!("{defect:?}") == name)
        }) == Some(defect)
    }

    /// Whether `neuron` is the one that spiked last.
    pub(crate) fn repeats(neuron: usize) -> bool {
        has(Defect::RepeatedIncrement) && LAST_SPIKER.replace(neuron) == neuron
    }

    /// An edge of the stimulus is passed.
    pub(crate) fn pass_edge() {
        EDGE_PASSED.set(true);
    }

    /// Whether no block was drawn since the last edge.
    pub(crate) fn is_first_after_edge() -> bool {
        has(Defect::OldWait) && EDGE_PASSED.replace(false)
    }

    /// The stream, or for every second caller that of the caller before.
    pub(crate) fn share(stream: Stream) -> Stream {
        if !has(Defect::SharedStream) {
            return stream;
        }
        let given = TO_SHARE.take();
        TO_SHARE.set(if given.is_none() { Some(stream.clone()) } else { None });
        given.unwrap_or(stream)
    }
}

pub(crate) use selected::{has, is_first_after_edge, pass_edge, repeats, share};
