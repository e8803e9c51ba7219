// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

/// Looks for what the tests of a program left behind: file descriptors, threads, processes, directories.
class LeakCheck
{
public:
    /// Takes orphans of our children as children of ours, so that they can be found.
    LeakCheck();

    /// One line for each thing that was not there at the beginning; gives what is just ending a second to do so.
    [[nodiscard]] auto leftovers() const -> std::vector<std::string>;

private:
    [[nodiscard]] auto look() const -> std::vector<std::string>;

    std::set<std::string> fds_{};
    std::size_t threads_{};
};
