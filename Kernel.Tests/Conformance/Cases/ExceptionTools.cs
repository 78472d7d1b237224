using System;
using System.Runtime.CompilerServices;
using System.Text;

namespace HaukiOS.Conformance;

/// <summary>Notes what ran, in order: most exception cases are about nothing else.</summary>
internal sealed class Journal
{
    private readonly StringBuilder text = new();

    /// <summary>Notes a mark.</summary>
    public void Note(string mark) => text.Append(mark).Append(' ');

    /// <summary>Notes a mark and answers, for filters.</summary>
    public bool NoteAndAnswer(string mark, bool answer)
    {
        Note(mark);
        return answer;
    }

    /// <inheritdoc/>
    public override string ToString() => text.ToString().TrimEnd();
}

/// <summary>An exception with a number, so that one can be told from another.</summary>
internal class NumberedException(int number) : Exception("number " + number)
{
    /// <summary>The number.</summary>
    public int Number { get; } = number;
}

/// <summary>One more step down the hierarchy.</summary>
internal sealed class SpecialNumberedException(int number) : NumberedException(number);

/// <summary>An exception without relation to the others.</summary>
internal sealed class OtherException : Exception;

/// <summary>Ways to throw that the compiler cannot see through.</summary>
internal static class Thrower
{
    /// <summary>Keeps the compiler from knowing a value.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static T Hide<T>(T value) => value;

    /// <summary>Throws a numbered exception, unless the number is 0.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Numbered(int number)
    {
        if (number != 0)
            throw new NumberedException(number);
        return 0;
    }

    /// <summary>Throws the special kind.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Special(int number) => throw new SpecialNumberedException(number);

    /// <summary>Throws the unrelated kind.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Other() => throw new OtherException();

    /// <summary>Throws from a depth of frames, each with some values to restore.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Deep(int depth, int number, long a, double b)
    {
        if (depth == 0)
            return Numbered(number);
        int below = Deep(depth - 1, number, a + depth, b * 2);
        return below + (int)a + (int)b;
    }

    /// <summary>Adds a case whose outcome is the name of what it throws.</summary>
    public static void AddThrow(this Suite suite, string name, Action action) => suite.Add(name, () => NameOf(action));

    /// <summary>The name of what an action throws, or "nothing".</summary>
    public static string NameOf(Action action)
    {
        try
        {
            action();
            return "nothing";
        }
        catch (Exception thrown)
        {
            return thrown.GetType().Name;
        }
    }
}
