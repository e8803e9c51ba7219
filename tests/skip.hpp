// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "catch.hpp"

#include <iostream>
#include <string_view>

/// For a test that cannot run here: `return skip("virsh is not installed");`. tests/run.sh collects these lines.
inline void skip(std::string_view reason)
{
    std::cout << "SKIPPED: " << Catch::getResultCapture().getCurrentTestName() << ": " << reason << std::endl;
}
