using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using static System.FormattableString;

namespace HaukiOS.Host.Emulator;

/// <summary>
/// Speaks with the kernel's console as a person does, and holds it to its contract: what it prints for an empty
/// disk, a locked store and an open one.
/// </summary>
public sealed class ConsoleDriver
{
    /// <summary>What the open console says when it waits for a command.</summary>
    public const string Prompt = "hauki> ";

    /// <summary>What the console of a machine without a disk says instead.</summary>
    public const string PromptWithoutDisk = "hauki (no disk)> ";

    /// <summary>What the locked console begins with.</summary>
    public const string FirstChallenge = "challenge 1/";

    // More than the thousand interrupts that the kernel wants to have seen.
    private const int Keystrokes = 4000;

    private readonly SerialLine line;

    /// <summary>A driver at the end of a serial line.</summary>
    public ConsoleDriver(SerialLine line) => this.line = line;

    /// <summary>The longest wait for anything that is not a key derivation.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What the console says when it waits for a command.</summary>
    public string ReadyPrompt { get; init; } = Prompt;

    /// <summary>
    /// Does it fidget with the keys before its first answer, as <see cref="GiveRandomness"/> has it?
    /// </summary>
    public bool Fidgets { get; init; } = true;

    /// <summary>The longest wait for a key derivation.</summary>
    public TimeSpan DerivationPatience { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// Presses keys of which the console drops every one without a trace. A machine that was just switched on takes its
    /// randomness from the moments of interrupts, and without anybody at its keys that takes it ten seconds.
    /// </summary>
    public static void GiveRandomness(SerialLine line) => line.Send(new string('\0', Keystrokes));

    /// <summary>Teaches an empty machine its questions and answers; ends at the prompt.</summary>
    /// <returns>The recovery key as it was printed.</returns>
    public string Enrol(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        for (var i = 0; i < pairs.Count; i++)
        {
            line.Expect(Invariant($"question {i + 1}> "), Patience);
            if (i == 0)
            {
                Fidget();
            }

            line.Send(pairs[i].Key + "\r");
            Answer(Invariant($"answer {i + 1}> "), pairs[i].Value);
        }

        Answer(Invariant($"question {pairs.Count + 1}> "), string.Empty);
        line.Expect("recovery key: ", DerivationPatience);
        var key = line.ExpectLineEnd(Patience);
        line.Expect(Prompt, DerivationPatience);
        return key;
    }

    /// <summary>Waits for the first challenge and answers all of them; ends at the prompt.</summary>
    public void Unlock(IReadOnlyDictionary<string, string> answers)
    {
        if (!TryUnlock(answers, out var refusal))
        {
            throw new EmulatorException(line.WithTranscript($"The store did not open: '{refusal}'."));
        }
    }

    /// <summary>Answers one round of challenges.</summary>
    /// <param name="answers">Question to answer; a question that is missing gets an answer that is wrong.</param>
    /// <param name="refusal">The line the machine refused with.</param>
    /// <returns>True at the prompt; false when the machine refused.</returns>
    public bool TryUnlock(IReadOnlyDictionary<string, string> answers, [NotNullWhen(false)] out string? refusal)
    {
        var round = 1;
        int of;
        do
        {
            line.Expect(Invariant($"challenge {round}/"), Patience);
            var challenge = line.ExpectLineEnd(Patience);
            var colon = challenge.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !int.TryParse(challenge.AsSpan(0, colon), CultureInfo.InvariantCulture, out of))
            {
                throw new EmulatorException(line.WithTranscript($"'{challenge}' is no end of a challenge's line."));
            }

            if (round == 1)
            {
                Fidget();
            }

            Answer("answer> ", answers.GetValueOrDefault(challenge[(colon + 1)..].Trim(), "certainly wrong"));
        }
        while (round++ < of);
        return ReadVerdict(out refusal);
    }

    /// <summary>Opens the store by the recovery key; ends at the prompt, or with the refusal.</summary>
    public bool TryRecover(string recoveryKey, [NotNullWhen(false)] out string? refusal)
    {
        line.Expect(FirstChallenge, Patience);
        Fidget();
        Answer("answer> ", "recover");
        Answer("> ", recoveryKey);
        return ReadVerdict(out refusal);
    }

    /// <summary>Types a command at the prompt.</summary>
    /// <returns>What it printed, lines ended by LF, without the echo and the next prompt.</returns>
    public string Command(string command, TimeSpan? patience = null)
    {
        line.Send(command + "\r");
        line.Expect("\n", Patience);
        return ReadUntilPrompt(patience ?? Patience);
    }

    /// <summary>Types a command after which the prompt does not come back: <c>lock</c>, <c>reboot</c>.</summary>
    public void Leave(string command)
    {
        line.Send(command + "\r");
        line.Expect("\n", Patience);
    }

    /// <summary>Reads on until a prompt stands at the start of a line.</summary>
    public string ReadUntilPrompt(TimeSpan patience)
    {
        var output = new StringBuilder();
        while (true)
        {
            output.Append(line.Expect(ReadyPrompt, patience).Replace("\r\n", "\n", StringComparison.Ordinal));
            if (output.Length == 0 || output[^1] is '\n' or '\r')
            {
                return output.ToString();
            }

            // The text of a prompt inside a line is somebody's value.
            output.Append(ReadyPrompt);
        }
    }

    private void Fidget()
    {
        if (Fidgets)
        {
            GiveRandomness(line);
        }
    }

    private void Answer(string prompt, string text)
    {
        line.Expect(prompt, Patience);
        line.Send(text + "\r");
    }

    private bool ReadVerdict([NotNullWhen(false)] out string? refusal)
    {
        const string locked = "locked: ";
        if (line.ExpectAny(["unlocked", locked], DerivationPatience).Index == 0)
        {
            line.Expect(Prompt, DerivationPatience);
            refusal = null;
            return true;
        }

        refusal = locked + line.ExpectLineEnd(Patience);
        return false;
    }
}
