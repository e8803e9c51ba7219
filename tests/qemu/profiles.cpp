// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/qemu/capabilities.hpp>
#include <vmwright/qemu/profiles.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace fs = std::filesystem;
using namespace vmwright;

namespace
{

auto const folder = fs::path{VMWRIGHT_SOURCE_DIR} / "src/profiles";

auto text_of(fs::path const& file) -> std::string
{
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

TEST_CASE("Every profile that ships is found by its architecture, compiled in, and what save makes of it")
{
    auto count = 0;
    for (auto const& entry : fs::directory_iterator{folder}) {
        if (entry.path().extension() != ".json")
            continue;
        INFO(entry.path());
        ++count;
        auto const text = text_of(entry.path());
        auto const capabilities = qemu::load_capabilities(text).value();
        CHECK(qemu::shipped_profile(capabilities.arch) == entry.path().stem().string());
        CHECK(qemu::profile_text(entry.path().stem().string()) == text);
        CHECK(qemu::save(capabilities) == text);
        CHECK(capabilities.binary == "/usr/bin/qemu-system-" + capabilities.arch);
        // Debian's qemu-system-i386 is a script.
        CHECK(capabilities.identity.starts_with("build-id ") == (capabilities.arch != "i386"));
        CHECK(capabilities.find_machine("none") != nullptr);
        CHECK_FALSE(capabilities.cpus.empty());
        CHECK(capabilities.has_device("virtio-blk-device"));
        CHECK(capabilities.schema.has_command("blockdev-add"));
    }
    CHECK(count == 6);
}

TEST_CASE("An architecture or name without a profile gives nothing")
{
    CHECK(qemu::shipped_profile("m68k").empty());
    CHECK(qemu::shipped_profile("").empty());
    CHECK(qemu::profile_text("qemu-7.2-m68k").empty());
}

TEST_CASE("A profile cut anywhere is refused, not misread")
{
    auto const text = qemu::profile_text("qemu-7.2-riscv64");
    for (std::size_t length = 0; length + 2 < text.size(); length += 997) {
        INFO(length);
        CHECK(qemu::load_capabilities(text.substr(0, length)).has_error());
    }
}

TEST_CASE("Loading a profile takes the time of a command line, not of a probe", "[.benchmark]")
{
    auto const text = qemu::profile_text("qemu-7.2-x86_64");
    std::chrono::duration<double, std::milli> best{1e9};
    for (auto round = 0; round < 50; ++round) {
        auto const start = std::chrono::steady_clock::now();
        auto const capabilities = qemu::load_capabilities(text);
        best = std::min<decltype(best)>(best, std::chrono::steady_clock::now() - start);
        CHECK(capabilities.has_value());
    }
    WARN("load: " << best.count() << " ms");
}
