// SPDX-License-Identifier: BSL-1.0
//
// Prints the QEMU command line that a libvirt domain XML stands for: no emulator, no privileges, nothing is started.
#include <vmwright/host/host_facts.hpp>
#include <vmwright/machine/local_machine.hpp>
#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/xml/domain.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace vw = vmwright;

namespace
{

struct Options
{
    std::string file{};
    std::string profile{};
    std::string facts{};
    bool strict{};
    bool explain{};
};

auto read_file(std::string const& path) -> std::string
{
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        throw vw::Error{vw::Errc::io_failed, fmt::format("'{}' is a directory", path)};
    std::ifstream in{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    if (!in)
        throw vw::Error{vw::Errc::io_failed, fmt::format("cannot read '{}'", path)};
    return text;
}

auto profile_for(Options const& options, vw::DomainConfig const& config) -> vw::qemu::Capabilities
{
    if (!options.profile.empty())
        return vw::qemu::load_capabilities(read_file(options.profile)).value();
    auto const arch = vw::qemu::emulator_arch(config);
    return vw::qemu::load_capabilities(vw::qemu::profile_text(vw::qemu::shipped_profile(arch))).value();
}

auto facts_for(Options const& options) -> vw::qemu::HostFacts
{
    if (options.facts.empty()) {
        auto facts = vw::qemu::debian12();
        facts.now = std::time(nullptr);
        return facts;
    }
    if (options.facts == "host") {
        vw::LocalMachine machine;
        auto facts = vw::read_host_facts(machine);
        facts.directories = vw::qemu::debian12().directories;
        return facts;
    }
    return vw::qemu::load_host_facts(read_file(options.facts)).value();
}

/// One argument a line; line breaks inside one become the two characters \n.
auto escaped(std::string_view argument) -> std::string
{
    std::string line;
    for (auto const c : argument)
        if (c == '\n')
            line += "\\n";
        else
            line += c;
    return line;
}

void print_explained(vw::qemu::Plan const& plan, vw::xml::Document const& document, std::string const& file)
{
    for (auto const& [program, argument, origin] : vw::qemu::explain(plan)) {
        fmt::print("{}{}{}\n    ", program, program.empty() ? "" : " ", escaped(argument));
        if (!origin.node.empty()) {
            auto const where = document.locate(origin.node);
            fmt::print("{}:{}:{}: {}", file, where.line, where.column, origin.node);
        }
        if (!origin.rule.empty())
            fmt::print("{}rule: {}", origin.node.empty() ? "" : ", ", origin.rule);
        fmt::print("\n");
    }
}

auto run(Options const& options) -> int
{
    auto parsed = vw::xml::read_domain(read_file(options.file));
    vw::Diagnostics all = parsed.diagnostics;
    vw::qemu::Plan plan;
    auto const arch = vw::qemu::emulator_arch(parsed.result);
    if (options.profile.empty() && vw::qemu::shipped_profile(arch).empty()) {
        vw::Diagnostics unknown;
        unknown.add({.fault = vw::Fault::unknown_value,
                     .node = "/domain/os/type/@arch",
                     .message = fmt::format("no profile of an emulator for '{}' ships", arch),
                     .hint = "give one with --profile"});
        parsed.document.place(unknown);
        all.append(unknown);
    } else if (parsed.document.has_root()) {
        auto made = vw::qemu::plan(parsed.result, profile_for(options, parsed.result), facts_for(options));
        parsed.document.place(made.diagnostics);
        all.append(made.diagnostics);
        plan = std::move(made.result);
    }
    if (options.strict)
        all.make_strict();
    all.sort();
    for (auto const& diagnostic : all)
        fmt::print(stderr, "{}\n", format(diagnostic, options.file));
    if (all.has_errors())
        return 1;
    if (options.explain)
        print_explained(plan, parsed.document, options.file);
    else
        for (auto const& argument : vw::qemu::arguments(plan))
            fmt::print("{}\n", escaped(argument));
    return 0;
}

} // namespace

auto main(int argc, char** argv) -> int
{
    Options options;
    CLI::App app{"Prints the QEMU command line for a libvirt domain XML, one argument a line."};
    app.add_option("--profile", options.profile,
                   "profile of the emulator; by default the one that ships for the architecture")
        ->option_text("FILE");
    app.add_option("--facts", options.facts,
                   "facts of the host; by default those of a plain Debian 12 host with KVM; host: of this one")
        ->option_text("FILE|host");
    app.add_flag("--strict", options.strict, "warnings are errors");
    app.add_flag("--explain", options.explain, "with each argument, the place or the rule it comes from");
    app.add_option("file", options.file, "the domain XML")->option_text("FILE.xml")->required();
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& e) {
        return app.exit(e) == 0 ? 0 : 2;
    }
    try {
        return run(options);
    } catch (std::exception const& e) {
        fmt::print(stderr, "{}: error: {}\n", options.file, e.what());
        return 1;
    }
}
