// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "sources.hpp"

#include <set>
#include <string>

TEST_CASE("Every source file names its licence at its top")
{
    auto const kinds = std::set<std::string>{".hpp", ".ipp", ".cpp", ".cmake", ".sh", ".py", ".in"};
    auto files = std::vector<std::filesystem::path>{"CMakeLists.txt", ".ci/run", ".clang-format", ".clang-tidy"};
    for (auto const* folder : {"include", "src", "examples", "tests", "conan"})
        for (auto const& file : sources::files_under(folder))
            if ((kinds.contains(file.extension()) || file.filename() == "CMakeLists.txt") &&
                file.string().find("/data/") == std::string::npos)
                files.push_back(file);
    CHECK(files.size() > 30);

    for (auto const& file : files) {
        INFO(file);
        auto const text = sources::text_of(file);
        auto const at = text.find("SPDX-License-Identifier: BSL-1.0");
        auto const before = text.substr(0, at);
        CHECK((before == "// " || before == "# " || (before.starts_with("#!") && before.ends_with("\n# ") && at < 40)));
    }
}
