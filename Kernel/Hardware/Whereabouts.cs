namespace HaukiOS.Hardware;

/// <summary>Where the node is whose store lies on this machine's disk.</summary>
public enum NodePlace
{
    /// <summary>Here: the store may be opened.</summary>
    Here,

    /// <summary>
    /// It came here, but the machine that it came from has not confirmed that it knows; an operator could have resumed
    /// it there in the meantime.
    /// </summary>
    Unconfirmed,

    /// <summary>It was about to leave for another machine, and only that machine knows whether it did.</summary>
    InDoubt,

    /// <summary>On another machine: what lies on the disk here is out of date.</summary>
    Elsewhere,

    /// <summary>It was on its way here and did not arrive: what lies on the disk is a part of its store.</summary>
    NotArrived,

    /// <summary>It was here, and an operator has resumed it on the machine that it came from.</summary>
    Resumed,

    /// <summary>The record that would say it cannot be read.</summary>
    Unknown,
}

/// <summary>Knows whether the node is here, and finds it out from the other machine where it is not sure.</summary>
public interface IWhereabouts
{
    /// <summary>Grows whenever <see cref="Place"/> has changed.</summary>
    int Version { get; }

    /// <summary>Where the node is.</summary>
    NodePlace Place { get; }

    /// <summary>The fingerprint of the other machine's key; empty if there was no other machine.</summary>
    string Peer { get; }

    /// <summary>Why the record cannot be read, in a sentence; null if it can.</summary>
    string? Problem { get; }

    /// <summary>An operator vouches that the node does not run on the other machine and will not.</summary>
    /// <returns>False if that could not be written down; then nothing has changed.</returns>
    bool Vouch();

    /// <summary>The disk gets a new store: what was on it is of no interest any more.</summary>
    /// <returns>False if that could not be written down.</returns>
    bool Forget();
}
