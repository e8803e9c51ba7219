// SPDX-License-Identifier: BSL-1.0
/// The library's side of record-profile.py, which talks to QEMU: what to ask, and what to make of the answers.
///
/// A question is a line `NAME ARGUMENTS`, an exchange is a question's line and a line of QEMU's reply to it.

#include <vmwright/machine/build_id.hpp>
#include <vmwright/machine/local_machine.hpp>
#include <vmwright/qemu/probe.hpp>

#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace qemu = vmwright::qemu;

namespace
{

void print(std::vector<qemu::ProbeCommand> const& commands)
{
    for (auto const& command : commands)
        std::cout << command.name << ' ' << command.arguments << '\n';
}

auto read_exchanges() -> std::vector<qemu::ProbeReply>
{
    std::vector<qemu::ProbeReply> replies;
    for (std::string question, reply; std::getline(std::cin, question) && std::getline(std::cin, reply);) {
        auto const space = question.find(' ');
        replies.push_back({{question.substr(0, space), question.substr(space + 1)}, reply});
    }
    return replies;
}

} // namespace

int main(int argc, char** argv)
try {
    auto const step = std::string_view{argc > 1 ? argv[1] : ""};
    if (step == "options")
        for (auto const& option : qemu::probe_options())
            std::cout << option << '\n';
    else if (step == "commands")
        print(qemu::probe_commands());
    else if (step == "details")
        print(qemu::probe_details(read_exchanges()).value());
    else if (step == "profile" && argc == 3) {
        auto capabilities = qemu::capabilities_from(argv[2], read_exchanges()).value();
        vmwright::LocalMachine machine;
        if (auto const id = vmwright::build_id(machine, argv[2]); !id.empty())
            capabilities.identity = "build-id " + id;
        std::cout << qemu::save(capabilities);
    } else {
        std::cerr << "usage: make_profile options | commands | details <EXCHANGES | profile BINARY <EXCHANGES\n";
        return 2;
    }
} catch (vmwright::Error const& error) {
    std::cerr << "make_profile: " << error.what() << '\n';
    return 1;
}
