using System;
using System.Collections.Generic;

namespace HaukiOS.Swarm;

/// <summary>One step within a message of a handshake (Noise, revision 34, sections 5.3 and 9.2).</summary>
public enum NoiseToken : byte
{
    /// <summary>The sender's key of the moment, in clear.</summary>
    E,

    /// <summary>The sender's static key, encrypted as soon as there is a key.</summary>
    S,

    /// <summary>Agreement of both keys of the moment.</summary>
    EE,

    /// <summary>Agreement of the initiator's key of the moment with the responder's static one.</summary>
    ES,

    /// <summary>Agreement of the initiator's static key with the responder's key of the moment.</summary>
    SE,

    /// <summary>Agreement of both static keys.</summary>
    SS,

    /// <summary>A key that both had beforehand.</summary>
    Psk,
}

/// <summary>
/// A Noise protocol, read from its name: <c>Noise_XXpsk3_25519_ChaChaPoly_BLAKE2s</c>. Patterns <c>NN NK KK IK XX</c>
/// with any psk modifiers; these primitives and no others.
/// </summary>
public sealed class NoiseProtocol
{
    /// <summary>The longest message of any Noise protocol (section 3).</summary>
    public const int MessageMax = 65535;

    private const string Prefix = "Noise_";
    private const string Primitives = "_25519_ChaChaPoly_BLAKE2s";

    private readonly NoiseToken[][] messages;

    private NoiseProtocol(string name, bool knowsInitiator, bool knowsResponder, NoiseToken[][] messages)
    {
        Name = name;
        InitiatorIsKnown = knowsInitiator;
        ResponderIsKnown = knowsResponder;
        this.messages = messages;
        foreach (NoiseToken[] message in messages)
        {
            foreach (NoiseToken token in message)
            {
                PskCount += token == NoiseToken.Psk ? 1 : 0;
            }
        }
    }

    /// <summary>The whole name.</summary>
    public string Name { get; }

    /// <summary>Does the responder know the initiator's static key before the first message?</summary>
    public bool InitiatorIsKnown { get; }

    /// <summary>Does the initiator know the responder's static key before the first message?</summary>
    public bool ResponderIsKnown { get; }

    /// <summary>How many keys shared beforehand go in.</summary>
    public int PskCount { get; }

    /// <summary>Messages in the handshake; the initiator sends the first.</summary>
    public int MessageCount => messages.Length;

    /// <summary>Reads a name.</summary>
    /// <exception cref="ArgumentException">The protocol is none of those that are here.</exception>
    public static NoiseProtocol Parse(string name) =>
        TryParse(name, out NoiseProtocol? protocol)
            ? protocol!
            : throw new ArgumentException($"no such Noise protocol here: {name}", nameof(name));

    /// <summary>Reads a name.</summary>
    public static bool TryParse(string name, out NoiseProtocol? protocol)
    {
        protocol = null;
        if (!name.StartsWith(Prefix, StringComparison.Ordinal)
            || !name.EndsWith(Primitives, StringComparison.Ordinal)
            || name.Length < Prefix.Length + 2 + Primitives.Length)
        {
            return false;
        }

        string pattern = name.Substring(Prefix.Length, 2);
        string modifiers = name.Substring(
            Prefix.Length + 2, name.Length - Prefix.Length - 2 - Primitives.Length);
        NoiseToken[][]? messages = MessagesOf(pattern);
        if (messages is null || !TryModify(messages, modifiers))
        {
            return false;
        }

        protocol = new NoiseProtocol(name, pattern == "KK", pattern[1] == 'K', messages);
        return true;
    }

    /// <summary>The steps of a message.</summary>
    public ReadOnlySpan<NoiseToken> Message(int index) => messages[index];

    /// <summary>Must this side have a static key of its own?</summary>
    public bool NeedsStatic(bool initiator)
    {
        bool needs = initiator ? InitiatorIsKnown : ResponderIsKnown;
        for (int i = initiator ? 0 : 1; i < messages.Length; i += 2)
        {
            needs |= Array.IndexOf(messages[i], NoiseToken.S) >= 0;
        }

        return needs;
    }

    // The fundamental patterns of section 7.5.
    private static NoiseToken[][]? MessagesOf(string pattern) => pattern switch
    {
        "NN" => [[NoiseToken.E], [NoiseToken.E, NoiseToken.EE]],
        "NK" => [[NoiseToken.E, NoiseToken.ES], [NoiseToken.E, NoiseToken.EE]],
        "KK" => [[NoiseToken.E, NoiseToken.ES, NoiseToken.SS], [NoiseToken.E, NoiseToken.EE, NoiseToken.SE]],
        "IK" =>
        [
            [NoiseToken.E, NoiseToken.ES, NoiseToken.S, NoiseToken.SS],
            [NoiseToken.E, NoiseToken.EE, NoiseToken.SE],
        ],
        "XX" =>
        [
            [NoiseToken.E],
            [NoiseToken.E, NoiseToken.EE, NoiseToken.S, NoiseToken.ES],
            [NoiseToken.S, NoiseToken.SE],
        ],
        _ => null,
    };

    // "psk0+psk2": each once, in alphabetical order (sections 8.1 and 9.4). psk0 stands before the first message,
    // pskN after message N.
    private static bool TryModify(NoiseToken[][] messages, string modifiers)
    {
        if (modifiers.Length == 0)
        {
            return true;
        }

        int last = -1;
        foreach (string modifier in modifiers.Split('+'))
        {
            if (modifier.Length != 4 || !modifier.StartsWith("psk", StringComparison.Ordinal))
            {
                return false;
            }

            int place = modifier[3] - '0';
            if (place <= last || place > messages.Length)
            {
                return false;
            }

            last = place;
            int message = Math.Max(place - 1, 0);
            var tokens = new List<NoiseToken>(messages[message]);
            tokens.Insert(place == 0 ? 0 : tokens.Count, NoiseToken.Psk);
            messages[message] = tokens.ToArray();
        }

        return true;
    }
}
