// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/error.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vmwright::inline v0
{

enum class Severity
{
    note,    ///< worth knowing, nothing is wrong
    warning, ///< wrong or ignored, yet libvirt accepts it and a command line can be made
    error,   ///< libvirt refuses it too, or no command line can be made of it
};

constexpr auto enum_names(Severity)
{
    return name_list("note", "warning", "error");
}

/// What kind of fault it is, for programs. The numbers and names are stable: new ones go to the end.
enum class Fault
{
    syntax,            ///< the text is not well-formed XML
    limit,             ///< a limit on size or depth was exceeded
    unknown_element,   ///< an element that the format does not have at that place
    unknown_attribute, ///< an attribute that the format does not have at that place
    unknown_value,     ///< a word outside a closed list
    bad_number,        ///< not a number, or one out of range
    bad_unit,          ///< a unit that libvirt does not know
    bad_text,          ///< a text of the wrong form: uuid, MAC, path, name
    missing,           ///< a required element or attribute is not there
    duplicate,         ///< two of what must be one
    conflict,          ///< two settings that exclude each other
    not_supported,     ///< this emulator, machine or architecture does not have it
    not_supported_yet, ///< libvirt has it, this library does not
    ignored,           ///< it has no effect here
    namespace_prefix,  ///< a prefix that no xmlns declares
    needs_watcher,     ///< the emulator cannot do it alone: it waits for a program that has opened the host
};

constexpr auto enum_names(Fault)
{
    return name_list("syntax", "limit", "unknown-element", "unknown-attribute", "unknown-value", "bad-number", "bad-unit",
                     "bad-text", "missing", "duplicate", "conflict", "not-supported", "not-supported-yet", "ignored",
                     "namespace-prefix", "needs-watcher");
}

/// A place in a text. Line and column count from 1, the column in bytes; 0 means that there is no text.
struct Location
{
    std::size_t line{};
    std::size_t column{};

    auto operator<=>(Location const&) const = default;
};

enum class FixKind
{
    replace, ///< the value of the node with the text
    rename,  ///< the element or attribute to the text
    remove,  ///< the node
};

constexpr auto enum_names(FixKind)
{
    return name_list("replace", "rename", "remove");
}

/// A change at a diagnostic's node that mends the fault; `xml::mended` makes it.
struct Fix
{
    FixKind kind{};
    std::string text{};

    bool operator==(Fix const&) const = default;
};

/// One thing that is wrong or worth knowing, with its place and what to do about it.
struct Diagnostic
{
    Severity severity{Severity::error};
    Fault fault{};
    std::string node{};       ///< XPath, as `/domain/devices/disk[1]/target/@bus`; the index is left out where there is one
    Location where{};         ///< filled in by the document the node stands in
    std::string message{};    ///< names the thing, the value and the limit
    std::string hint{};       ///< what would be right, for example "did you mean 'virtio'?"
    std::optional<Fix> fix{}; ///< where that is one change, and certain enough for a program to offer it

    bool operator==(Diagnostic const&) const = default;
};

/// `error: NODE: MESSAGE; HINT`, with `FILE:LINE:COL: ` before it when a file is named.
[[nodiscard]] auto format(Diagnostic const& diagnostic, std::string_view file = {}) -> std::string;

/// All that was found in one pass, in the order it was found.
class Diagnostics
{
public:
    void add(Diagnostic diagnostic) { list_.push_back(std::move(diagnostic)); }
    void append(Diagnostics const& more) { list_.insert(list_.end(), more.list_.begin(), more.list_.end()); }

    [[nodiscard]] auto has_errors() const noexcept -> bool;
    [[nodiscard]] auto empty() const noexcept { return list_.empty(); }
    [[nodiscard]] auto size() const noexcept { return list_.size(); }
    [[nodiscard]] auto begin() const noexcept { return list_.begin(); }
    [[nodiscard]] auto end() const noexcept { return list_.end(); }
    [[nodiscard]] auto begin() noexcept { return list_.begin(); }
    [[nodiscard]] auto end() noexcept { return list_.end(); }
    [[nodiscard]] auto operator[](std::size_t i) const -> Diagnostic const& { return list_[i]; }

    /// Orders by place in the text; equal places keep their order.
    void sort();
    /// Turns every warning into an error.
    void make_strict();

    bool operator==(Diagnostics const&) const = default;

private:
    std::vector<Diagnostic> list_;
};

/// A configuration that cannot be used. `what()` is its first error and the count of the others.
class ConfigError : public Error
{
public:
    explicit ConfigError(Diagnostics diagnostics);
    [[nodiscard]] auto diagnostics() const noexcept -> Diagnostics const& { return diagnostics_; }

private:
    Diagnostics diagnostics_;
};

/// What a pure step makes of its input: the value as far as it goes, and everything that was found on the way.
template <class T>
struct Checked
{
    T result{};
    Diagnostics diagnostics{};

    [[nodiscard]] auto has_errors() const noexcept -> bool { return diagnostics.has_errors(); }
    /// The value; throws ConfigError if there is an error among the diagnostics.
    [[nodiscard]] auto value() const& -> T const&
    {
        if (has_errors())
            throw ConfigError{diagnostics};
        return result;
    }
    [[nodiscard]] auto value() && -> T
    {
        if (has_errors())
            throw ConfigError{diagnostics};
        return std::move(result);
    }
};

} // namespace vmwright::inline v0
