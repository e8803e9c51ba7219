// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/json/fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::qmp
{

/// What one QEMU's QMP can do, from the answer of query-qmp-schema. A value; looking up does no I/O.
///
/// Paths go down by member names, "model.props" as well as "a.b.c", through lists, and into every variant of a union;
/// "driver=file.aio" looks only into the variant where the member `driver` is `file`.
class Schema
{
public:
    Schema() = default;
    /// Throws Errc::monitor_failed naming the entry that is not as it should be.
    explicit Schema(boost::json::array const& reply);

    [[nodiscard]] auto has_command(std::string_view command) const -> bool;
    [[nodiscard]] auto has_event(std::string_view event) const -> bool;
    [[nodiscard]] auto has_argument(std::string_view command, std::string_view path) const -> bool;
    [[nodiscard]] auto has_reply_member(std::string_view command, std::string_view path) const -> bool;
    [[nodiscard]] auto has_event_member(std::string_view event, std::string_view path) const -> bool;
    /// The argument is an enum, or a list of one, and `word` is among its values.
    [[nodiscard]] auto takes_word(std::string_view command, std::string_view path, std::string_view word) const -> bool;
    /// A feature of the command itself, for example "deprecated".
    [[nodiscard]] auto has_feature(std::string_view command, std::string_view feature) const -> bool;
    /// The names of all commands, in order.
    [[nodiscard]] auto commands() const -> std::vector<std::string>;

    bool operator==(Schema const&) const = default;

private:
    struct Member
    {
        std::string name{};
        std::string type{};

        bool operator==(Member const&) const = default;
    };
    struct Entity
    {
        std::string name{};
        std::string meta_type{};
        std::vector<Member> members{};  ///< of an object or, without names, an alternate
        std::string tag{};              ///< the member of an object that selects the variant
        std::vector<Member> variants{}; ///< the tag's value and the type that adds the members
        std::string argument_type{};    ///< of a command or event
        std::string reply_type{};
        std::string element_type{};
        std::vector<std::string> words{}; ///< of an enum
        std::vector<std::string> features{};

        bool operator==(Entity const&) const = default;
    };

    [[nodiscard]] auto find(std::string_view name) const -> Entity const*;
    [[nodiscard]] auto find(std::string_view name, std::string_view meta_type) const -> Entity const*;
    struct Effort
    {
        unsigned depth{};
        unsigned* steps{};
    };
    template <class Accept>
    [[nodiscard]] auto leads(std::string_view type, std::string_view path, Accept const& accept) const -> bool;
    template <class Accept>
    [[nodiscard]] auto reaches(std::string_view type, std::string_view path, Accept const& accept, Effort effort) const
        -> bool;

    std::vector<Entity> entities_; ///< ordered by name
};

} // namespace vmwright::inline v0::qmp
