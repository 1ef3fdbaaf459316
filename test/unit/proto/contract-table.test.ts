import { describe, expect, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { buildImage, ownFiles, readBaseline, readServedDescriptors } from './contract-image.ts';
import { contractFiles, contractTable } from './contract-table.ts';
import { describeContract } from './describe-contract.ts';

const image = buildImage();

describe('the contract in proto', () => {
  test('has exactly the messages, fields, enums and methods of the table', () => {
    expect(describeContract(ownFiles(image))).toEqual(contractTable);
  });

  test('is in the files that others import', () => {
    expect(
      ownFiles(image)
        .map((file) => file.proto.name)
        .sort(),
    ).toEqual(contractFiles);
  });

  test('is what reflection answers with', () => {
    expect(describeContract(ownFiles(readServedDescriptors()))).toEqual(contractTable);
  });

  test('is loaded whole by proto-loader, methods at their paths', () => {
    const { definition } = loadProtos();
    const loaded = Object.entries(definition).flatMap(([name, entry]) =>
      typeof entry.format === 'string' ? [name] : Object.values(entry).map((method) => method.path.slice(1)),
    );
    expect(loaded.filter((name) => name.startsWith('fes.')).sort()).toEqual(Object.keys(contractTable).sort());
  });

  test('is the baseline of the breaking check: renew it after an extension, as buf.yaml says', () => {
    expect(describeContract(ownFiles(readBaseline()))).toEqual(contractTable);
  });
});
