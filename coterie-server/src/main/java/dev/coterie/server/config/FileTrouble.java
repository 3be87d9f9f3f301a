// SPDX-License-Identifier: Apache-2.0
package dev.coterie.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// What an [IOException] says, in words for the person at the terminal: the JDK puts half of it
/// into the name of the exception's class.
public final class FileTrouble {
  private FileTrouble() {}

  public static String of(IOException trouble) {
    return switch (trouble) {
      case NoSuchFileException e -> e.getFile() + " does not exist";
      case AccessDeniedException e -> e.getFile() + ": permission denied";
      case FileAlreadyExistsException e -> e.getFile() + " exists already and is no folder";
      case FileSystemException e when e.getReason() != null -> e.getFile() + ": " + e.getReason();
      case CharacterCodingException _ -> "it is not UTF-8 text";
      default ->
          trouble.getMessage() == null ? trouble.getClass().getSimpleName() : trouble.getMessage();
    };
  }
}
