// SPDX-License-Identifier: BSL-1.0
//
// Prints what `dumpxml --inactive` would show of a domain XML after define, with the shipped profiles and facts: for
// tests/corpus/dump.py. Exit 1 when the document is refused.
#include <vmwright/qemu/pipeline.hpp>
#include <vmwright/qemu/profiles.hpp>
#include <vmwright/xml/domain.hpp>

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace vw = vmwright;

auto main(int argc, char** argv) -> int
try {
    if (argc != 2)
        return 2;
    std::ifstream in{argv[1], std::ios::binary};
    auto const parsed = vw::xml::read_domain(std::string{std::istreambuf_iterator<char>{in}, {}});
    auto const arch = vw::qemu::emulator_arch(parsed.result);
    auto const profile = vw::qemu::load_capabilities(vw::qemu::profile_text(vw::qemu::shipped_profile(arch))).value();
    auto const facts = vw::qemu::debian12();
    auto all = parsed.diagnostics;
    all.append(vw::qemu::check(parsed.result, profile, facts));
    auto resolved = vw::qemu::resolve(parsed.result, profile, facts);
    all.append(resolved.diagnostics);
    for (auto const& diagnostic : all)
        fmt::print(stderr, "{}\n", format(diagnostic, argv[1]));
    if (all.has_errors())
        return 1;
    fmt::print("{}", vw::xml::write_domain(resolved.result.config));
    return 0;
} catch (std::exception const& e) {
    fmt::print(stderr, "{}: error: {}\n", argv[1], e.what());
    return 1;
}
