// SPDX-License-Identifier: BSL-1.0
#define CATCH_CONFIG_RUNNER
#include "catch.hpp"
#include "leak_check.hpp"

#include <iostream>

int main(int argc, char* argv[])
{
    LeakCheck const check;
    auto const result = Catch::Session().run(argc, argv);
    auto const leftovers = check.leftovers();
    for (auto const& what : leftovers)
        std::cerr << "left behind: " << what << '\n';
    return result == 0 && !leftovers.empty() ? 1 : result;
}
