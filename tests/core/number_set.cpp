// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/core/number_set.hpp>

using namespace vmwright;

TEST_CASE("sets of numbers are read as libvirt reads them and printed in its short form")
{
    auto const printed = [](std::string_view text) {
        auto const set = NumberSet::parse(text);
        return set ? to_string(*set) : std::string{"nothing"};
    };
    CHECK(printed("0") == "0");
    CHECK(printed("3,1,2") == "1-3");
    CHECK(printed("0-4,^2") == "0-1,3-4");
    CHECK(printed(" 0 - 1 , 8 ") == "0-1,8");
    CHECK(printed("^1,0-2") == "0-2");
    CHECK(printed("16383") == "16383");
    for (std::string_view const bad : {"", ",", "0,", "1-", "2-1", "a", "0;1", "^0", "0-1,^0-1", "16384", "-1", "0 1"}) {
        INFO(bad);
        CHECK(printed(bad) == "nothing");
    }
}

TEST_CASE("sets of numbers tell what is in them")
{
    auto const set = NumberSet::parse("0-1,8").value();
    CHECK(set.contains(8));
    CHECK_FALSE(set.contains(2));
    CHECK(set.numbers() == std::vector<std::uint32_t>{0, 1, 8});
    CHECK(NumberSet::of({8, 1, 0, 1}) == set);
    CHECK(set.overlaps(NumberSet::parse("2-8").value()));
    CHECK_FALSE(set.overlaps(NumberSet::parse("2-7,9").value()));
}
