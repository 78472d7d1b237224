using System;
using System.Collections.Generic;
using System.Text;

namespace HaukiOS.Conformance;

/// <summary>
/// An ordered list of named cases. The host and the kernel each build the same suite, run it, and compare the
/// outcomes case by case; a case never decides itself whether it passed.
/// </summary>
public sealed class Suite
{
    private readonly List<Case> cases = [];
    private readonly HashSet<string> names = [];

    /// <summary>The cases in the order they were added.</summary>
    public List<Case> Cases => cases;

    /// <summary>
    /// Adds a case. Its outcome is the string that <paramref name="run"/> returns or the type it throws.
    /// </summary>
    public void Add(string name, Func<string> run)
    {
        if (!names.Add(name))
        {
            throw new ArgumentException("two cases are named " + name);
        }

        cases.Add(new Case(name, run));
    }
}

/// <summary>One case: a name and something to run.</summary>
public sealed class Case
{
    private readonly Func<string> run;

    /// <summary>A case named <paramref name="name"/>; the name has no line break and no " => ".</summary>
    public Case(string name, Func<string> run)
    {
        Name = name;
        this.run = run;
    }

    /// <summary>What the case is called, e.g. "string: trim removes white space".</summary>
    public string Name { get; }

    /// <summary>Runs the case: its result on one line of printable ASCII, or "throws Full.Type.Name".</summary>
    public string Outcome()
    {
        try
        {
            return Escape(run());
        }
        catch (Exception thrown)
        {
            return "throws " + thrown.GetType().FullName;
        }
    }

    /// <summary>The line that both worlds print for this case.</summary>
    public string Line() => "case " + Name + " => " + Outcome();

    /// <summary>Printable ASCII stays as it is; everything else becomes \uXXXX, a backslash is doubled.</summary>
    public static string Escape(string? text)
    {
        if (text is null)
        {
            return "(null)";
        }

        StringBuilder escaped = new(text.Length);
        foreach (char c in text)
        {
            if (c == '\\')
            {
                escaped.Append("\\\\");
            }
            else if (c >= ' ' && c < 127)
            {
                escaped.Append(c);
            }
            else
            {
                AppendCode(escaped, c);
            }
        }

        return escaped.ToString();
    }

    private static void AppendCode(StringBuilder escaped, char c)
    {
        const string Digits = "0123456789abcdef";
        escaped.Append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4)
        {
            escaped.Append(Digits[(c >> shift) & 15]);
        }
    }
}
