// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// The repository's own files, as the tests of its shape see them.
namespace sources
{

/// A line `#include <NAME>` or `#include "NAME"`.
struct Include
{
    std::string name{};
    bool angled{};
    std::size_t line{};
};

/// Paths relative to the repository, sorted, of all files under a folder of it.
[[nodiscard]] auto files_under(std::filesystem::path const& folder) -> std::vector<std::filesystem::path>;
[[nodiscard]] auto text_of(std::filesystem::path const& file) -> std::string;
[[nodiscard]] auto includes_of(std::filesystem::path const& file) -> std::vector<Include>;
/// The names of `vmwright_rooms` in CMakeLists.txt.
[[nodiscard]] auto rooms() -> std::vector<std::string>;

} // namespace sources
