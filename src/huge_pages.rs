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
    let size = size_of::<T>();
    let wanted = values.len() + more.max(values.len());
    if values.len() * size < LONG {
        return values.reserve(wanted - values.len());
    }
    let capacity = whole_pages(wanted.max(values.len() + STRIDE / size) * size) / size;
    if values.len() * size < STRIDE {
        // Anew, so that what there is lies in large pages as well.
        let mut roomy = Vec::with_capacity(capacity);
        prefer_large(&mut roomy);
        roomy.append(values);
        *values = roomy;
    } else {
        values.reserve_exact(capacity - values.len());
        prefer_large(values);
    }
}

/// How many values to hold room for where there are `length`, so that they lie in large pages if they are many.
pub(crate) fn roomy<T>(length: usize) -> usize {
    match length.checked_mul(size_of::<T>()) {
        Some(bytes @ WORTHWHILE..) => whole_pages(bytes) / size_of::<T>(),
        _ => length,
    }
}

/// Gives back the memory that was held for values to come, but for what would break a large page.
pub(crate) fn shrink<T>(values: &mut Vec<T>) {
    let bytes = values.len() * size_of::<T>();
    values.shrink_to(if bytes < LONG { 0 } else { whole_pages(bytes) / size_of::<T>() });
}

/// At least so many bytes that they, and what the allocator keeps beside them, fill whole large pages: then
/// the system lets them begin with one.
fn whole_pages(bytes: usize) -> usize {
    (bytes + PAGE).next_multiple_of(LARGE_PAGE) - PAGE
}

/// Bytes from which a vector is long, and by how many it grows then at least.
const LONG: usize = 1 << 18;
const STRIDE: usize = 1 << 26;
const PAGE: usize = 1 << 12;
const LARGE_PAGE: usize = 1 << 21;
/// Bytes for which large pages are asked for.
const WORTHWHILE: usize = 2 * LARGE_PAGE;

/// Asks for large pages under the memory of `values` that is not in use yet.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "the advice is a call of the C library")]
pub(crate) fn prefer_large<T>(values: &mut Vec<T>) {
    use std::ffi::{c_int, c_void};
    unsafe extern "C" {
        fn madvise(address: *mut c_void, length: usize, advice: c_int) -> c_int;
    }
    const MADV_HUGEPAGE: c_int = 14;
    const MADV_COLLAPSE: c_int = 25;
    let spare = values.spare_capacity_mut();
    let (start, length) = (spare.as_mut_ptr() as usize, std::mem::size_of_val(spare));
    // With the pages at both ends that are ours in part: a large page takes all or nothing.
    let (first, past) = (start / PAGE * PAGE, (start + length).next_multiple_of(PAGE));
    if length < WORTHWHILE {
        return;
    }
    // SAFETY: all pages of the range hold some of our memory, and the advice changes the content of none.
    // A refusal does no harm, so the results are not looked at.
    unsafe {
        madvise(first as *mut c_void, past - first, MADV_HUGEPAGE);
        if values.is_empty() {
            // The allocator has written beside the beginning, which makes its page a small one.
            madvise(first as *mut c_void, LARGE_PAGE, MADV_COLLAPSE);
        }
    }
}

/// Other systems choose pages themselves.
#[cfg(not(target_os = "linux"))]
pub(crate) fn prefer_large<T>(_values: &mut Vec<T>) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_that_grows_long_and_shrinks_keeps_its_values() {
        let (mut values, piece) = (Vec::new(), [1.0, 2.0, 3.0]);
        // Past both changes of the way to grow.
        let pieces = (STRIDE + LONG) / size_of_val(&piece);
        for _ in 0..pieces {
            reserve(&mut values, piece.len());
            values.extend_from_slice(&piece);
        }
        shrink(&mut values);
        assert_eq!(values.len(), pieces * piece.len());
        assert!(values.chunks_exact(3).all(|chunk| chunk == piece));
        let held = values.capacity() * size_of::<f64>();
        assert_eq!((held + PAGE) % LARGE_PAGE, 0, "{held}");
        assert!(held < size_of_val(&values[..]) + LARGE_PAGE);
    }
}
