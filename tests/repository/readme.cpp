// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "sources.hpp"

#include <algorithm>
#include <string>
#include <string_view>

TEST_CASE("The README's program is the one that the tests build and run")
{
    auto const readme = sources::text_of("README.md");
    auto const begin = readme.find("```cpp\n");
    REQUIRE(begin != readme.npos);
    auto const first = begin + std::string_view{"```cpp\n"}.size();
    auto const block = readme.substr(first, readme.find("```\n", first) - first);

    auto const program = sources::text_of("examples/run_a_vm.cpp");
    CHECK(block == program.substr(program.find("#include")));
    CHECK(std::ranges::count(block, '\n') < 20);
}

TEST_CASE("The README's map shows every room")
{
    auto const readme = sources::text_of("README.md");
    for (auto const& room : sources::rooms())
        CHECK(readme.find("| `" + room + "/` |") != readme.npos);
}
