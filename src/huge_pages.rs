//! Large memory pages for large arrays, where the system has them. With pages of 4 KB the page faults of
//! a growing train would cost more than its spikes, and the address of a neuron picked at random would
//! often miss the processor's cache of addresses, which costs more than the spike too.

/// Room for at least `more` further values.
///
/// What is not written to yet takes no memory, so a long vector grows in long strides: each would
/// have its pages moved.
#[inline]
pub(crate) fn reserve<T>(values: &mut Vec<T>, more: usize) {
    if values.capacity() - values.len() < more {
        grow(values, more);
    }
}

#[cold]
fn grow<T>(values: &mut Vec<T>, more: usize) {
    let long = values.len() * size_of::<T>() >= LONG;
    let stride = if long { STRIDE / size_of::<T>() } else { 0 };
    values.reserve(more.max(stride).max(values.len()));
    prefer_large(values);
}

/// Bytes from which a vector is long, and by how many it grows then at least.
const LONG: usize = 1 << 18;
const STRIDE: usize = 1 << 26;

/// Asks for large pages under the memory of `values` that is not in use yet.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "the advice is a call of the C library")]
pub(crate) fn prefer_large<T>(values: &mut Vec<T>) {
    use std::ffi::{c_int, c_void};
    unsafe extern "C" {
        fn madvise(address: *mut c_void, length: usize, advice: c_int) -> c_int;
    }
    const MADV_HUGEPAGE: c_int = 14;
    const PAGE: usize = 4096;
    const WORTHWHILE: usize = 1 << 22;
    let spare = values.spare_capacity_mut();
    let (start, length) = (spare.as_mut_ptr() as usize, std::mem::size_of_val(spare));
    let aligned = start.next_multiple_of(PAGE);
    let end = (start + length) / PAGE * PAGE;
    if end >= aligned + WORTHWHILE {
        // SAFETY: the range lies within an allocation of ours and the advice changes no content.
        // A refusal does no harm, so the result is not looked at.
        unsafe { madvise(aligned as *mut c_void, end - aligned, MADV_HUGEPAGE) };
    }
}

/// Other systems choose pages themselves.
#[cfg(not(target_os = "linux"))]
pub(crate) fn prefer_large<T>(_values: &mut Vec<T>) {}
