// SPDX-License-Identifier: BSL-1.0
//
// Pairs NAME.xml and NAME.argv in tests/data/argv: the command line of a document, one argument a line. With
// VMWRIGHT_ACCEPT=1 in the environment new output is written in place of the old; read the difference before it is kept.
#include "catch.hpp"

#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/xml/domain.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

using namespace vmwright;

namespace
{

auto file_text(std::filesystem::path const& path) -> std::string
{
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// The shipped one of the document's architecture.
auto profile(DomainConfig const& config) -> qemu::Capabilities const&
{
    static std::map<std::string, qemu::Capabilities> known;
    auto const name = std::string{qemu::shipped_profile(qemu::emulator_arch(config))};
    if (!known.contains(name))
        known.emplace(name, qemu::load_capabilities(qemu::profile_text(name)).value());
    return known.at(name);
}

auto documents() -> std::vector<std::filesystem::path>
{
    std::vector<std::filesystem::path> list;
    for (auto const& entry : std::filesystem::directory_iterator{std::filesystem::path{VMWRIGHT_TEST_DATA} / "argv"})
        if (entry.path().extension() == ".xml")
            list.push_back(entry.path());
    std::ranges::sort(list);
    return list;
}

} // namespace

TEST_CASE("each document gives the command line that was accepted for it")
{
    auto const accept = std::getenv("VMWRIGHT_ACCEPT") != nullptr;
    auto const list = documents();
    REQUIRE(list.size() >= 100);
    for (auto const& path : list) {
        INFO(path.filename().string());
        auto const parsed = xml::read_domain(file_text(path));
        auto const plan = qemu::plan(parsed.value(), profile(parsed.value()), qemu::debian12());
        std::string text;
        for (auto const& argument : qemu::arguments(plan.value()))
            text += argument + '\n';
        auto golden = path;
        golden.replace_extension(".argv");
        if (accept)
            std::ofstream{golden, std::ios::binary} << text;
        CHECK(text == file_text(golden));
    }
}

TEST_CASE("resolve changes nothing that it chose before, also by way of text")
{
    for (auto const& path : documents()) {
        INFO(path.filename().string());
        auto const parsed = xml::read_domain(file_text(path));
        auto const once = qemu::resolve(parsed.value(), profile(parsed.value()), qemu::debian12()).value().config;
        CHECK(qemu::resolve(once, profile(once), qemu::debian12()).value().config == once);
        CHECK(xml::read_domain(xml::write_domain(once)).value() == once);
        // what define stores: the user's text with the choices patched in
        auto const stored = xml::read_domain(xml::update_domain(parsed.document, once)).value();
        auto const sorted_arguments = [](DomainConfig const& config) {
            auto argv = qemu::arguments(qemu::plan(config, profile(config), qemu::debian12()).value());
            std::ranges::sort(argv);
            return argv;
        };
        CHECK(sorted_arguments(stored) == sorted_arguments(once));
    }
}

TEST_CASE("every argument comes from a node of the text or from a named rule")
{
    for (auto const& path : documents()) {
        INFO(path.filename().string());
        auto const parsed = xml::read_domain(file_text(path));
        for (auto const& [program, argument, origin] :
             qemu::explain(qemu::plan(parsed.value(), profile(parsed.value()), qemu::debian12()).value())) {
            INFO(argument);
            CHECK((!origin.node.empty() || !origin.rule.empty()));
            if (!origin.node.empty())
                CHECK(parsed.document.locate(origin.node).line > 0);
        }
    }
}
