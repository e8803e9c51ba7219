// SPDX-License-Identifier: BSL-1.0
#include "sources.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

namespace sources
{

namespace fs = std::filesystem;

static auto root() -> fs::path
{
    return VMWRIGHT_SOURCE_DIR;
}

auto files_under(fs::path const& folder) -> std::vector<fs::path>
{
    auto found = std::vector<fs::path>{};
    if (fs::exists(root() / folder))
        for (auto const& entry : fs::recursive_directory_iterator{root() / folder})
            if (entry.is_regular_file())
                found.push_back(entry.path().lexically_relative(root()));
    std::ranges::sort(found);
    return found;
}

auto text_of(fs::path const& file) -> std::string
{
    auto stream = std::ifstream{root() / file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

auto includes_of(fs::path const& file) -> std::vector<Include>
{
    static auto const pattern = std::regex{R"re(\s*#\s*include\s*([<"])([^>"]+)[>"].*)re"};
    auto found = std::vector<Include>{};
    auto stream = std::istringstream{text_of(file)};
    auto number = std::size_t{};
    for (auto text = std::string{}; std::getline(stream, text);) {
        ++number;
        if (auto match = std::smatch{}; std::regex_match(text, match, pattern))
            found.push_back({.name = match[2], .angled = match[1] == "<", .line = number});
    }
    return found;
}

auto rooms() -> std::vector<std::string>
{
    auto stream = std::istringstream{VMWRIGHT_ROOMS};
    return {std::istream_iterator<std::string>{stream}, {}};
}

} // namespace sources
