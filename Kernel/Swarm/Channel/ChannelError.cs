namespace HaukiOS.Swarm;

/// <summary>Why a channel ended otherwise than by <see cref="SecureChannel.Close"/> on both sides.</summary>
public enum ChannelError
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>The other side's first bytes are not those of this protocol.</summary>
    NotAChannel,

    /// <summary>A handshake message was longer than any can be.</summary>
    HandshakeTooLong,

    /// <summary>A handshake message did not authenticate: another key or purpose, or changed on the way.</summary>
    HandshakeFailed,

    /// <summary>The handshake did not end in time.</summary>
    HandshakeTimedOut,

    /// <summary>The other side's static key is not the expected one.</summary>
    WrongPeer,

    /// <summary>Whoever was asked about the other side's static key did not accept it.</summary>
    PeerRejected,

    /// <summary>A record was longer than was agreed, or too short to be one.</summary>
    BadLength,

    /// <summary>A record did not authenticate: changed, repeated, left out or put in on the way.</summary>
    BadRecord,

    /// <summary>A record authenticated but its inside is not well formed: the other side errs.</summary>
    BadContent,

    /// <summary>Bytes came after the other side had closed.</summary>
    AfterClose,

    /// <summary>The connection ended without the other side having closed the channel.</summary>
    Truncated,

    /// <summary>The counters are used up.</summary>
    Exhausted,

    /// <summary>This side gave up.</summary>
    Abandoned,
}

/// <summary>Errors in words.</summary>
public static class ChannelErrors
{
    /// <summary>One clause without a full stop, for the end of a sentence.</summary>
    public static string Sentence(this ChannelError error) => error switch
    {
        ChannelError.None => "no error",
        ChannelError.NotAChannel => "the other side does not speak this protocol",
        ChannelError.HandshakeTooLong => "the other side sent an impossible handshake message",
        ChannelError.HandshakeFailed => "the handshake failed: a wrong key, or somebody changes what is sent",
        ChannelError.HandshakeTimedOut => "the handshake was not finished in time",
        ChannelError.WrongPeer => "the other side's key is not the expected one",
        ChannelError.PeerRejected => "the other side's key was not accepted",
        ChannelError.BadLength => "the other side sent a record of an impossible length",
        ChannelError.BadRecord => "a record does not authenticate: somebody changes what is sent",
        ChannelError.BadContent => "the other side sent a record that makes no sense",
        ChannelError.AfterClose => "the other side sent more after it had closed the channel",
        ChannelError.Truncated => "the connection broke off before the other side had closed the channel",
        ChannelError.Exhausted => "the channel's counters are used up",
        _ => "abandoned on this side",
    };
}
