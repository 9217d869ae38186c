/* SPDX-License-Identifier: GPL-2.0 */
#include "kernel/kcov/uapi/kcov_set.h"
