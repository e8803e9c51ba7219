// SPDX-License-Identifier: BSL-1.0
#pragma once

/// As the first process of a container: makes another one of this program and returns in that. The first process itself
/// only passes signals on, which the kernel keeps from it otherwise, and ends orphans, which are its children whoever made
/// them; so none of them is taken for a process that the library has begun. It ends as the other one does, and all that is
/// left with it.
///
/// Anywhere else it does nothing. To be called before there is a thread.
void leave_first_process();
