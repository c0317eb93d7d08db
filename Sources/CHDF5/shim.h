#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H

#include <hdf5.h>
#include <stdio.h>

// What HDF5 has as macros with a call inside, which Swift cannot see.

static inline hid_t ch5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t ch5_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline unsigned ch5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned ch5_truncate(void) { return H5F_ACC_TRUNC; }
static inline hid_t ch5_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t ch5_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t ch5_stored_float(void) { return H5T_IEEE_F32LE; }
static inline hid_t ch5_stored_int32(void) { return H5T_STD_I32LE; }
static inline hid_t ch5_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t ch5_string(void) { return H5T_C_S1; }

// The number and the kind of what a group holds, and how the address of an object is called, differ between versions.

/// The address of an open object in its file; 0 if there is none.
static inline unsigned long long ch5_address(hid_t object) {
#if H5_VERSION_GE(1, 12, 0)
    H5O_info2_t info;
    if (H5Oget_info3(object, &info, H5O_INFO_BASIC) < 0) return 0;
    unsigned long long address = 0;
    for (int i = 7; i >= 0; i--) address = address << 8 | info.token.__data[i];
    return address;
#else
    H5O_info_t info;
    if (H5Oget_info2(object, &info, H5O_INFO_BASIC) < 0) return 0;
    return info.addr;
#endif
}

/// Whether the link at an index of a group, in the order of names, is a hard one; -1 if it cannot be read.
static inline int ch5_is_hard_link(hid_t group, unsigned long long index) {
#if H5_VERSION_GE(1, 12, 0)
    H5L_info2_t info;
    if (H5Lget_info_by_idx2(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, &info, H5P_DEFAULT) < 0) return -1;
#else
    H5L_info_t info;
    if (H5Lget_info_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, &info, H5P_DEFAULT) < 0) return -1;
#endif
    return info.type == H5L_TYPE_HARD;
}

static herr_t ch5_keep_message(unsigned depth, const H5E_error2_t *error, void *data) {
    // The deepest call comes last, and says most.
    (void)depth;
    snprintf((char *)data, 256, "%s", error->desc ? error->desc : "");
    return 0;
}

/// Writes what the library says of the last failure, 256 characters at most.
static inline void ch5_message(char *text) {
    text[0] = 0;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, ch5_keep_message, text);
}

#endif
